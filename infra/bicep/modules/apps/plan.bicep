param location string
param tags object
param name string

@description('EP1, EP2 or EP3: 1, 2 or 4 cores and 3.5, 7 or 14 GiB an instance.')
@allowed(['EP1', 'EP2', 'EP3'])
param sku string

@description('Instances that always run.')
param minimumInstances int

@description('Instances at most, all apps together.')
param maximumInstances int

@description('Instances spread over zones; needs three that always run.')
param zoneRedundant bool

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'elastic'
  sku: {
    name: sku
    tier: 'ElasticPremium'
    capacity: minimumInstances
  }
  properties: {
    maximumElasticWorkerCount: maximumInstances
    // Linux
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

output id string = plan.id
