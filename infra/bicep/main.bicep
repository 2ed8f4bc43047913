import { Scale } from 'modules/apps/types.bicep'
import { ComputeSize, maxConnections, reservedConnections } from 'modules/postgres/sizes.bicep'

@description('Names what belongs together: dev, staging, prod.')
@minLength(2)
@maxLength(8)
param environmentName string
param location string = resourceGroup().location

@description('Who deploys: administers the database and uploads packages.')
param deployer { objectId: string, name: string, type: 'Group' | 'ServicePrincipal' | 'User' }

@description('Whom alerts are sent to.')
param alertEmails string[]

@description('Who issues the tokens of the API\'s callers.')
param tokenAuthority string = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'

@description('The audience that a token must have.')
param tokenAudience string

@description('Address space of the virtual network; a /22 at least.')
param addressPrefix string

@description('Whether data services can be reached from outside the network, from allowedAddresses only. For development.')
param publicNetworkAccess bool

@description('IPv4 addresses that reach the data services from outside while publicNetworkAccess is on.')
param allowedAddresses string[] = []

@description('EP1, EP2 or EP3.')
param planSku string

@description('Spread over zones: the plan, the host storage and a standby of the database.')
param zoneRedundant bool
param apiScale Scale

@description('Whether the API has a second slot, in which a release is looked at before it takes the traffic.')
param apiSlot bool

@description('Connections that an API instance keeps to each database server, and holds at most.')
param apiPool { minimum: int, maximum: int } = { minimum: 10, maximum: 50 }

@description('Further settings of the API, by name, such as RateLimits__Api__Permits.')
param apiSettings object = {}

@description('Microsoft takes no new customers for Azure Cache for Redis, and ends it on 2028-09-30.')
param redisOffering 'AzureManagedRedis' | 'AzureCacheForRedis' = 'AzureManagedRedis'

@description('Size of Redis: Balanced_B0 and larger of Azure Managed Redis, P1 to P5 of Azure Cache for Redis.')
param redisSku string
param redisHighAvailability bool

@allowed(['17', '18'])
param postgresVersion string = '18'
param postgresSize ComputeSize
param postgresStorageGiB int

@description('Read replicas.')
@minValue(0)
@maxValue(5)
param postgresReplicas int

@description('How many of the replicas exist already: as many as postgresReplicas once they have been made. A replica cannot be made twice.')
@minValue(0)
param postgresReplicasMade int = 0
param backupRetentionDays int = 7
param geoRedundantBackup bool = false

@description('The release whose packages the apps run, as infra/release names them; empty before there is one.')
param release string = ''

var workload = 'shop'
var token = take(uniqueString(resourceGroup().id, environmentName), 6)
var suffix = '${workload}-${environmentName}-${token}'
var tags = {
  'azd-env-name': environmentName
  workload: workload
}

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var postgresZone = 'privatelink.postgres.database.azure.com'
var redisZone = redisOffering == 'AzureManagedRedis' ? 'privatelink.redis.azure.net' : 'privatelink.redis.cache.windows.net'

var packagesContainer = 'packages'
var reportsContainer = 'diagnosis'

// Timers run on one instance at a time.
var timerScale = { minimumInstances: 1, maximumInstances: 1, preWarmedInstances: 0 }
var warmupPool = { minimum: 1, maximum: 10 }

// The diagnosis has connections of its own: one that looks, one that builds an index, and two more that hold it to that.
var maintenanceConnections = 4

// An instance has one connection more than its pool, which asks the server where it is. After a swap the slot's instances are without
// traffic, and go back to their minimum.
var connections = apiScale.maximumInstances * (apiPool.maximum + 1) + (apiSlot ? apiScale.maximumInstances * (apiPool.minimum + 1) : 0) + timerScale.maximumInstances * (warmupPool.maximum + 1) + maintenanceConnections
var connectionLimit = maxConnections[postgresSize] - reservedConnections
var apiPoolMaximum = connections <= connectionLimit
  ? apiPool.maximum
  : fail('All instances together may open ${connections} connections to a server, and ${postgresSize} takes ${connectionLimit}: lower apiPool.maximum or apiScale.maximumInstances, or raise postgresSize.')

var isBurstable = startsWith(postgresSize, 'Standard_B')
var replicaCount = isBurstable && postgresReplicas > 0
  ? fail('A burstable server has no replicas: set postgresReplicas to 0, or postgresSize to one that begins with Standard_D.')
  : postgresReplicas
var standby = isBurstable && zoneRedundant
  ? fail('A burstable server has no standby: set zoneRedundant to false, or postgresSize to one that begins with Standard_D.')
  : zoneRedundant

module network 'modules/network.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'vnet-${suffix}'
    addressPrefix: addressPrefix
    privateDnsZoneNames: [blobZone, postgresZone, redisZone]
  }
}

module identities 'modules/apps/identity.bicep' = [for app in ['api', 'warmup', 'maintenance']: {
  params: {
    location: location
    tags: tags
    name: 'id-${workload}-${app}-${environmentName}-${token}'
  }
}]

module workspace 'modules/monitoring/workspace.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceName: 'log-${suffix}'
    componentName: 'appi-${suffix}'
    retentionDays: 30
  }
}

// Of the Functions host alone: it needs the right to do everything there.
module hostStorage 'modules/storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'sthost${environmentName}${token}'
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    publicNetworkAccess: publicNetworkAccess
    allowedAddresses: allowedAddresses
    endpointsSubnetId: network.outputs.endpointsSubnetId
    privateDnsZoneName: blobZone
  }
}

module contentStorage 'modules/storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'st${workload}${environmentName}${token}'
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    containers: [packagesContainer, reportsContainer]
    publicNetworkAccess: publicNetworkAccess
    allowedAddresses: allowedAddresses
    endpointsSubnetId: network.outputs.endpointsSubnetId
    privateDnsZoneName: blobZone
  }
}

module redis 'modules/redis/redis.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'redis-${suffix}'
    offering: redisOffering
    sku: redisSku
    highAvailability: redisHighAvailability
    publicNetworkAccess: publicNetworkAccess
    writers: [identities[0].outputs.identity.principalId, identities[1].outputs.identity.principalId]
    readers: [identities[2].outputs.identity.principalId]
    endpointsSubnetId: network.outputs.endpointsSubnetId
    privateDnsZoneName: redisZone
  }
}

module postgres 'modules/postgres/servers.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'psql-${suffix}'
    computeSize: postgresSize
    storageGiB: postgresStorageGiB
    version: postgresVersion
    zoneRedundant: standby
    backupRetentionDays: backupRetentionDays
    geoRedundantBackup: geoRedundantBackup
    replicaCount: replicaCount
    replicasMade: postgresReplicasMade
    publicNetworkAccess: publicNetworkAccess
    allowedAddresses: allowedAddresses
    administrator: deployer
    workspaceId: workspace.outputs.workspaceId
    endpointsSubnetId: network.outputs.endpointsSubnetId
    privateDnsZoneName: postgresZone
  }
}

module roles 'modules/roles.bicep' = {
  params: {
    hostStorageName: hostStorage.outputs.name
    contentStorageName: contentStorage.outputs.name
    packagesContainer: packagesContainer
    reportsContainer: reportsContainer
    applicationInsightsName: workspace.outputs.componentName
    api: identities[0].outputs.identity
    warmup: identities[1].outputs.identity
    maintenance: identities[2].outputs.identity
    deployer: { objectId: deployer.objectId, type: deployer.type }
  }
}

module apps 'modules/apps/shop.bicep' = {
  params: {
    location: location
    tags: tags
    nameSuffix: '${environmentName}-${token}'
    workload: workload
    planSku: planSku
    zoneRedundant: zoneRedundant
    subnetId: network.outputs.appsSubnetId
    hostStorageName: hostStorage.outputs.name
    contentBlobEndpoint: contentStorage.outputs.blobEndpoint
    packagesContainer: packagesContainer
    reportsContainer: reportsContainer
    release: release
    applicationInsightsConnectionString: workspace.outputs.connectionString
    identities: [for i in range(0, 3): identities[i].outputs.identity]
    apiScale: apiScale
    apiSlot: apiSlot
    apiPool: { minimum: apiPool.minimum, maximum: apiPoolMaximum }
    apiSettings: apiSettings
    timerScale: timerScale
    warmupPool: warmupPool
    tokenAuthority: tokenAuthority
    tokenAudience: tokenAudience
    primaryHost: postgres.outputs.primaryHost
    replicaHosts: postgres.outputs.replicaHosts
    databaseName: postgres.outputs.databaseName
    postgresStorageGiB: postgresStorageGiB
    redisConnection: redis.outputs.connection
  }
  // An app that starts before it may sign in starts in vain.
  dependsOn: [roles]
}

module alerts 'modules/monitoring/alerts.bicep' = {
  params: {
    location: location
    tags: tags
    namePrefix: suffix
    componentId: workspace.outputs.componentId
    workspaceId: workspace.outputs.workspaceId
    primaryId: postgres.outputs.primaryId
    replicaIds: postgres.outputs.replicaIds
    connectionLimit: connectionLimit
    alertEmails: alertEmails
  }
}

module workbook 'modules/monitoring/workbook.bicep' = {
  params: {
    location: location
    tags: tags
    displayName: 'Shop ${environmentName}'
    workspaceId: workspace.outputs.workspaceId
  }
}

module queries 'modules/monitoring/queries.bicep' = {
  params: {
    location: location
    tags: tags
    packName: 'pack-${suffix}'
  }
}

output API_URL string = 'https://${apps.outputs.apiHostName}'
output API_APP string = apps.outputs.apiName
output API_SLOT string = apps.outputs.apiSlotName
output WARMUP_APP string = apps.outputs.warmupName
output MAINTENANCE_APP string = apps.outputs.maintenanceName
output PACKAGES_ACCOUNT string = contentStorage.outputs.name
output PACKAGES_CONTAINER string = packagesContainer
output PACKAGES_URL string = '${contentStorage.outputs.blobEndpoint}${packagesContainer}'
output DATABASE_HOST string = postgres.outputs.primaryHost
output DATABASE_ADMINISTRATOR string = deployer.name
output DATABASE_NAME string = postgres.outputs.databaseName

// Name and object id of each app's identity, for which the database has a role.
output API_ROLE string = '${identities[0].outputs.identity.name}=${identities[0].outputs.identity.principalId}'
output WARMUP_ROLE string = '${identities[1].outputs.identity.name}=${identities[1].outputs.identity.principalId}'
output MAINTENANCE_ROLE string = '${identities[2].outputs.identity.name}=${identities[2].outputs.identity.principalId}'
