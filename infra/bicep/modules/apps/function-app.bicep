import { Identity, Scale } from 'types.bicep'

param location string
param tags object

@description('Name of the app. It is also its host id, so two apps that share a storage account must differ in their first 32 characters.')
@maxLength(32)
param name string
param planId string
param subnetId string

@description('The user-assigned identity with which the app signs in everywhere.')
param identity Identity
param scale Scale

@description('Name of the account where the Functions host keeps its locks and keys.')
param hostStorageName string

@description('Address of the container with the packages.')
param packagesUrl string

@description('Name of the zip file that the app runs; empty until there is one.')
param packageName string
param applicationInsightsConnectionString string

@description('An anonymous route that asks no other service, or empty. One that asks would have healthy instances replaced for a sick database.')
param healthCheckPath string = ''

@description('Whether anybody may call the app; the apps that have timers only need no caller.')
param isPublic bool

@description('A second slot in which a release is started and looked at before it takes the traffic.')
param hasSlot bool = false

@description('What is the app\'s own, by name.')
param settings object

var slotName = 'next'

var hostSettings = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  Identity__ClientId: identity.clientId
  Identity__PrincipalId: identity.principalId
  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identity.id
}

var packageSettings = empty(packageName) ? {} : { WEBSITE_RUN_FROM_PACKAGE: '${packagesUrl}/${packageName}' }

// A swap waits until every instance of the slot has answered.
var swapSettings = hasSlot
  ? {
      WEBSITE_SWAP_WARMUP_PING_PATH: healthCheckPath
      WEBSITE_SWAP_WARMUP_PING_STATUSES: '200'
    }
  : {}

func hostId(id string) object => { AzureFunctionsWebHost__hostid: id }

func toList(settings object) object[] => map(items(settings), setting => { name: setting.key, value: setting.value })

var appSettings = { ...hostSettings, ...packageSettings, ...swapSettings, ...settings }

var siteConfig = {
  linuxFxVersion: 'DOTNET-ISOLATED|10.0'
  minimumElasticInstanceCount: scale.minimumInstances
  preWarmedInstanceCount: scale.preWarmedInstances
  functionAppScaleLimit: scale.maximumInstances
  ftpsState: 'Disabled'
  http20Enabled: true
  minTlsVersion: '1.2'
  scmMinTlsVersion: '1.2'
  use32BitWorkerProcess: false
  healthCheckPath: empty(healthCheckPath) ? null : healthCheckPath
  ipSecurityRestrictionsDefaultAction: isPublic ? 'Allow' : 'Deny'
  // Packages come from the container, so nobody need reach the deployment site.
  scmIpSecurityRestrictionsDefaultAction: 'Deny'
}

var site = {
  serverFarmId: planId
  httpsOnly: true
  clientAffinityEnabled: false
  publicNetworkAccess: 'Enabled'
  virtualNetworkSubnetId: subnetId
  // Everything, so that names of the private zones and the one outgoing address hold for the package, too.
  outboundVnetRouting: { allTraffic: true }
}

var identities = {
  type: 'UserAssigned'
  userAssignedIdentities: { '${identity.id}': {} }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: identities
  properties: {
    ...site
    siteConfig: { ...siteConfig, appSettings: toList({ ...appSettings, ...hostId(name) }) }
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
    dependsOn: [noFtp]
  }

  resource sticky 'config' = if (hasSlot) {
    name: 'slotConfigNames'
    properties: { appSettingNames: ['AzureFunctionsWebHost__hostid'] }
    dependsOn: [noScm]
  }
}

resource slot 'Microsoft.Web/sites/slots@2025-03-01' = if (hasSlot) {
  parent: app
  name: slotName
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: identities
  properties: {
    ...site
    // Both slots run at once: with one id they would take each other's locks.
    siteConfig: { ...siteConfig, appSettings: toList({ ...appSettings, ...hostId('${take(name, 27)}-${slotName}') }) }
  }
  dependsOn: [app::sticky]

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
    dependsOn: [noFtp]
  }
}

output name string = app.name
output hostName string = app.properties.defaultHostName
output slotName string = hasSlot ? slotName : ''
