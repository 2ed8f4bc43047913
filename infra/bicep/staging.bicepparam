using 'main.bicep'

// Like prod in kind, smaller in number: what fails in prod should fail here first.
param environmentName = 'staging'

param deployer = {
  objectId: readEnvironmentVariable('TBYTE_DEPLOYER_ID')
  name: readEnvironmentVariable('TBYTE_DEPLOYER_NAME')
  type: readEnvironmentVariable('TBYTE_DEPLOYER_TYPE', 'Group')
}
param alertEmails = [readEnvironmentVariable('TBYTE_ALERT_EMAIL')]
param tokenAudience = readEnvironmentVariable('TBYTE_TOKEN_AUDIENCE')
param release = readEnvironmentVariable('TBYTE_RELEASE', '')

param addressPrefix = '10.41.0.0/22'
param publicNetworkAccess = false

param planSku = 'EP1'
param zoneRedundant = false
param apiScale = { minimumInstances: 2, maximumInstances: 5, preWarmedInstances: 1 }
param apiSlot = true
// The load comes from few addresses; permits are counted and told as in prod.
param apiSettings = {
  RateLimits__Ip__Permits: '100000000'
  RateLimits__Api__Permits: '10000000'
}

param redisSku = 'Balanced_B1'
param redisHighAvailability = true

param postgresSize = 'Standard_D2ds_v5'
param postgresStorageGiB = 64
param postgresReplicas = 1
param postgresReplicasMade = int(readEnvironmentVariable('TBYTE_REPLICAS_MADE', '0'))
