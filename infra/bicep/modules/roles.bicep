import { Identity } from 'apps/types.bicep'

param hostStorageName string
param contentStorageName string
param packagesContainer string
param reportsContainer string
param applicationInsightsName string
param api Identity
param warmup Identity
param maintenance Identity

@description('Whoever deploys, and uploads packages.')
param deployer { objectId: string, type: 'Group' | 'ServicePrincipal' | 'User' }

// Ids of built-in roles, the same everywhere.
var blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

var apps = [api, warmup, maintenance]

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: hostStorageName
}

resource contentStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: contentStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource packages 'containers' existing = { name: packagesContainer }
    resource reports 'containers' existing = { name: reportsContainer }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

// The Functions host makes containers, leases and keys.
resource hosts 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for app in apps: {
  scope: hostStorage
  name: guid(hostStorage.id, app.id, blobOwner)
  properties: {
    principalId: app.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobOwner)
  }
}]

resource readPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for app in apps: {
  scope: contentStorage::blobs::packages
  name: guid(contentStorage::blobs::packages.id, app.id, blobReader)
  properties: {
    principalId: app.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobReader)
  }
}]

resource sendTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for app in apps: {
  scope: applicationInsights
  name: guid(applicationInsights.id, app.id, metricsPublisher)
  properties: {
    principalId: app.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}]

resource writeReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: contentStorage::blobs::reports
  name: guid(contentStorage::blobs::reports.id, maintenance.id, blobContributor)
  properties: {
    principalId: maintenance.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}

resource readReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: contentStorage::blobs::reports
  name: guid(contentStorage::blobs::reports.id, api.id, blobReader)
  properties: {
    principalId: api.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobReader)
  }
}

resource uploadPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: contentStorage::blobs::packages
  name: guid(contentStorage::blobs::packages.id, deployer.objectId, blobContributor)
  properties: {
    principalId: deployer.objectId
    principalType: deployer.type
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}
