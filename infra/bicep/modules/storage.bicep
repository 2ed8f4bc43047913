param location string
param tags object

@description('Name of the account; 3 to 24 lower-case letters and digits.')
param name string

@description('Standard_LRS or Standard_ZRS.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param sku string

@description('Containers that are made; the Functions host makes its own.')
param containers string[] = []

@description('Whether the account can be reached from outside the network, from allowedAddresses.')
param publicNetworkAccess bool
param allowedAddresses string[]

@description('Subnet and DNS zone of the private endpoint.')
param endpointsSubnetId string
param privateDnsZoneName string

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    // No key, and so no content share either: packages are read from a container.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
      ipRules: [for address in allowedAddresses: { value: address, action: 'Allow' }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // A package or a report that was deleted by mistake can be brought back.
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }
  }
}

resource madeContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [for container in containers: {
  parent: account::blobs
  name: container
  properties: { publicAccess: 'None' }
}]

module endpoint 'private-endpoint.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'pe-${name}'
    targetId: account.id
    groupId: 'blob'
    subnetId: endpointsSubnetId
    privateDnsZoneName: privateDnsZoneName
  }
}

output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
