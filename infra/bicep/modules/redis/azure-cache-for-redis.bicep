param location string
param tags object
param name string

@description('P1 to P5.')
@allowed(['P1', 'P2', 'P3', 'P4', 'P5'])
param sku string
param publicNetworkAccess bool

@description('Object ids of the identities that may read and write.')
param writers string[]

@description('Object ids of the identities that look at keys and figures only.')
param readers string[]

resource cache 'Microsoft.Cache/redis@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Premium', family: 'P', capacity: int(substring(sku, 1)) }
    disableAccessKeyAuthentication: true
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    redisConfiguration: {
      'aad-enabled': 'true'
      'maxmemory-policy': 'volatile-lru'
    }
  }
}

// None of the built-in policies may both read the figures of the server and write nothing.
resource looking 'Microsoft.Cache/redis/accessPolicies@2024-11-01' = {
  parent: cache
  name: 'Looking'
  properties: {
    permissions: '+@read +@connection +info +time +cluster|info +cluster|nodes +cluster|slots allkeys'
  }
}

@batchSize(1)
resource writing 'Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01' = [for principalId in writers: {
  parent: cache
  name: replace(principalId, '-', '')
  properties: {
    accessPolicyName: 'Data Contributor'
    objectId: principalId
    objectIdAlias: principalId
  }
  dependsOn: [looking]
}]

@batchSize(1)
resource reading 'Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01' = [for principalId in readers: {
  parent: cache
  name: replace(principalId, '-', '')
  properties: {
    accessPolicyName: looking.name
    objectId: principalId
    objectIdAlias: principalId
  }
  dependsOn: [writing]
}]

output id string = cache.id
output connection string = '${cache.properties.hostName}:${cache.properties.sslPort},ssl=true'
