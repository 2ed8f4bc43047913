param location string
param tags object
param name string

@description('Size, such as Balanced_B5.')
param sku string

@description('A second node; without it the cache is lost with its only one.')
param highAvailability bool
param publicNetworkAccess bool

@description('Object ids of the identities that may read and write.')
param principalIds string[]

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    highAvailability: highAvailability ? 'Enabled' : 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cluster
  name: 'default'
  properties: {
    accessKeysAuthentication: 'Disabled'
    clientProtocol: 'Encrypted'
    // Every script's keys share a hash tag, so the policy without a proxy in between can be used.
    clusteringPolicy: 'OSSCluster'
    // Takes keys that have a life. Breakers have none, and so are never taken.
    evictionPolicy: 'VolatileLRU'
    port: 10000
  }
}

// The service takes one at a time.
@batchSize(1)
resource access 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = [for principalId in principalIds: {
  parent: database
  name: replace(principalId, '-', '')
  properties: {
    accessPolicyName: 'default'
    user: { objectId: principalId }
  }
}]

output id string = cluster.id

@description('For StackExchange.Redis; without user and password, which are the identity of each app and its token. Nodes present the certificate of the cluster\'s name.')
output connection string = '${cluster.properties.hostName}:10000,ssl=true,sslHost=${cluster.properties.hostName}'
