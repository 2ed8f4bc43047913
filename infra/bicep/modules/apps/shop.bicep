import { Identity, Scale } from 'types.bicep'

param location string
param tags object
param workload string

@description('What the names of the apps end with.')
param nameSuffix string
param planSku string
param zoneRedundant bool
param subnetId string
param hostStorageName string
param contentBlobEndpoint string
param packagesContainer string
param reportsContainer string

@description('The release whose packages the apps run; empty before there is one.')
param release string
param applicationInsightsConnectionString string

@description('Of api, warmup and maintenance.')
param identities Identity[]
param apiScale Scale
param apiSlot bool
param apiPool { minimum: int, maximum: int }
param apiSettings object
param timerScale Scale
param warmupPool { minimum: int, maximum: int }
param tokenAuthority string
param tokenAudience string

param primaryHost string
param replicaHosts string[]
param databaseName string
param postgresStorageGiB int
param redisConnection string

// Straight to each server, not through its PgBouncer: the limits of a connection are start-up parameters, and locks belong to it.
func connectionString(host string, database string, role string) string =>
  'Host=${host};Port=5432;Database=${database};Username=${role};SSL Mode=VerifyFull'

// Each replica by its own name: the service's reader endpoint leads to one of them, and the apps choose themselves.
func databaseSettings(primary string, replicas string[], database string, role string) object => {
  Postgres__Primary: connectionString(primary, database, role)
  ...toObject(
    range(0, length(replicas)),
    i => 'Postgres__Replicas__${i}',
    i => connectionString(replicas[i], database, role)
  )
}

func package(app string, release string) string => empty(release) ? '' : '${app}-${release}.zip'

var packagesUrl = '${contentBlobEndpoint}${packagesContainer}'

module plan 'plan.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'plan-${workload}-${nameSuffix}'
    sku: planSku
    minimumInstances: apiScale.minimumInstances
    maximumInstances: apiScale.maximumInstances
    zoneRedundant: zoneRedundant
  }
}

module api 'function-app.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'func-${workload}-api-${nameSuffix}'
    planId: plan.outputs.id
    subnetId: subnetId
    identity: identities[0]
    scale: apiScale
    hostStorageName: hostStorageName
    packagesUrl: packagesUrl
    packageName: package('api', release)
    applicationInsightsConnectionString: applicationInsightsConnectionString
    healthCheckPath: '/api/health/live'
    isPublic: true
    hasSlot: apiSlot
    settings: {
      ...databaseSettings(primaryHost, replicaHosts, databaseName, identities[0].name)
      Postgres__MinPoolSize: string(apiPool.minimum)
      Postgres__MaxPoolSize: string(apiPool.maximum)
      Redis__Connection: redisConnection
      Reports__AccountUrl: contentBlobEndpoint
      Reports__Container: reportsContainer
      Authentication__Schemes__Bearer__Authority: tokenAuthority
      Authentication__Schemes__Bearer__ValidAudiences__0: tokenAudience
      // The platform's front end.
      RateLimits__TrustedProxyHops: '1'
      ...apiSettings
    }
  }
}

module warmup 'function-app.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'func-${workload}-warmup-${nameSuffix}'
    planId: plan.outputs.id
    subnetId: subnetId
    identity: identities[1]
    scale: timerScale
    hostStorageName: hostStorageName
    packagesUrl: packagesUrl
    packageName: package('warmup', release)
    applicationInsightsConnectionString: applicationInsightsConnectionString
    isPublic: false
    settings: {
      ...databaseSettings(primaryHost, replicaHosts, databaseName, identities[1].name)
      Postgres__MinPoolSize: string(warmupPool.minimum)
      Postgres__MaxPoolSize: string(warmupPool.maximum)
      Redis__Connection: redisConnection
      MoveProductViewsSchedule: '0 * * * * *'
      WarmPopularProductsSchedule: '20 */2 * * * *'
      WarmAheadOfPeakSchedule: '40 */10 * * * *'
      WarmRecentCustomersSchedule: '50 */15 * * * *'
    }
  }
}

module maintenance 'function-app.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'func-${workload}-maint-${nameSuffix}'
    planId: plan.outputs.id
    subnetId: subnetId
    identity: identities[2]
    scale: timerScale
    hostStorageName: hostStorageName
    packagesUrl: packagesUrl
    packageName: package('maintenance', release)
    applicationInsightsConnectionString: applicationInsightsConnectionString
    isPublic: false
    settings: {
      ...databaseSettings(primaryHost, replicaHosts, databaseName, identities[2].name)
      Redis__Connection: redisConnection
      Reports__AccountUrl: contentBlobEndpoint
      Reports__Container: reportsContainer
      Maintenance__StorageBytes: string(postgresStorageGiB * 1024 * 1024 * 1024)
      DiagnoseShopSchedule: '0 */5 * * * *'
    }
  }
}

output apiName string = api.outputs.name
output apiHostName string = api.outputs.hostName
output apiSlotName string = api.outputs.slotName
output warmupName string = warmup.outputs.name
output maintenanceName string = maintenance.outputs.name
