using 'main.bicep'

param environmentName = 'prod'

param deployer = {
  objectId: readEnvironmentVariable('TBYTE_DEPLOYER_ID')
  name: readEnvironmentVariable('TBYTE_DEPLOYER_NAME')
  type: readEnvironmentVariable('TBYTE_DEPLOYER_TYPE', 'Group')
}
param alertEmails = [readEnvironmentVariable('TBYTE_ALERT_EMAIL')]
param tokenAudience = readEnvironmentVariable('TBYTE_TOKEN_AUDIENCE')
param release = readEnvironmentVariable('TBYTE_RELEASE', '')

param addressPrefix = '10.42.0.0/22'
param publicNetworkAccess = false

param planSku = 'EP2'
param zoneRedundant = true
param apiScale = { minimumInstances: 3, maximumInstances: 20, preWarmedInstances: 2 }
param apiSlot = true

param redisSku = 'Balanced_B5'
param redisHighAvailability = true

param postgresSize = 'Standard_D4ds_v5'
param postgresStorageGiB = 256
param postgresReplicas = 2
param postgresReplicasMade = int(readEnvironmentVariable('TBYTE_REPLICAS_MADE', '0'))
param backupRetentionDays = 35
param geoRedundantBackup = true
