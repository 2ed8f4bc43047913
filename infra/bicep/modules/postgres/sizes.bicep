@description('Compute sizes that the templates know. Burstable ones (B) have no replicas and no standby.')
@export()
type ComputeSize =
  | 'Standard_B1ms'
  | 'Standard_B2s'
  | 'Standard_B2ms'
  | 'Standard_D2ds_v5'
  | 'Standard_D4ds_v5'
  | 'Standard_D8ds_v5'
  | 'Standard_D16ds_v5'

@description('max_connections that the service gives a server of each size.')
@export()
var maxConnections = {
  Standard_B1ms: 50
  Standard_B2s: 429
  Standard_B2ms: 859
  Standard_D2ds_v5: 859
  Standard_D4ds_v5: 1718
  Standard_D8ds_v5: 3437
  Standard_D16ds_v5: 5000
}

@description('Connections that the service keeps for replication and its own monitoring.')
@export()
var reservedConnections = 15
