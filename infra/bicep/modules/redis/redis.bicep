param location string
param tags object
param name string
param offering 'AzureManagedRedis' | 'AzureCacheForRedis'

@description('Balanced_B0 and larger of Azure Managed Redis, P1 to P5 of Azure Cache for Redis.')
param sku string
param highAvailability bool
param publicNetworkAccess bool

@description('Object ids of the identities that read and write.')
param writers string[]

@description('Object ids of the identities that look only.')
param readers string[]

@description('Subnet and DNS zone of the private endpoint.')
param endpointsSubnetId string
param privateDnsZoneName string

var isManaged = offering == 'AzureManagedRedis'

module managed 'managed-redis.bicep' = if (isManaged) {
  params: {
    location: location
    tags: tags
    name: name
    sku: sku
    highAvailability: highAvailability
    publicNetworkAccess: publicNetworkAccess
    // There is one policy, for all.
    principalIds: concat(writers, readers)
  }
}

module classic 'azure-cache-for-redis.bicep' = if (!isManaged) {
  params: {
    location: location
    tags: tags
    name: name
    sku: sku
    publicNetworkAccess: publicNetworkAccess
    writers: writers
    readers: readers
  }
}

module endpoint '../private-endpoint.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'pe-${name}'
    targetId: isManaged ? managed!.outputs.id : classic!.outputs.id
    groupId: isManaged ? 'redisEnterprise' : 'redisCache'
    subnetId: endpointsSubnetId
    privateDnsZoneName: privateDnsZoneName
  }
}

output connection string = isManaged ? managed!.outputs.connection : classic!.outputs.connection
