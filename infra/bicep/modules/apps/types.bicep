@description('A user-assigned identity.')
@export()
type Identity = {
  @description('Resource id.')
  id: string
  name: string
  clientId: string

  @description('Object id.')
  principalId: string
}

@description('Between how many instances an app scales.')
@export()
type Scale = {
  @description('Always there, at least 1.')
  @minValue(1)
  minimumInstances: int

  @description('At most.')
  @minValue(1)
  maximumInstances: int

  @description('Kept ready beyond those that are in use, while there is traffic.')
  @minValue(0)
  preWarmedInstances: int
}
