using 'main.bicep'

// For one developer: the smallest of everything, nothing twice, data services reachable from the developer's own address.
param environmentName = 'dev'

param deployer = {
  objectId: readEnvironmentVariable('TBYTE_DEPLOYER_ID')
  name: readEnvironmentVariable('TBYTE_DEPLOYER_NAME')
  type: readEnvironmentVariable('TBYTE_DEPLOYER_TYPE', 'User')
}
param alertEmails = [readEnvironmentVariable('TBYTE_ALERT_EMAIL')]
param tokenAudience = readEnvironmentVariable('TBYTE_TOKEN_AUDIENCE')
param release = readEnvironmentVariable('TBYTE_RELEASE', '')

param addressPrefix = '10.40.0.0/22'
param publicNetworkAccess = true
param allowedAddresses = filter(split(readEnvironmentVariable('TBYTE_ALLOWED_ADDRESSES', ''), ','), address => !empty(address))

param planSku = 'EP1'
param zoneRedundant = false
param apiScale = { minimumInstances: 1, maximumInstances: 3, preWarmedInstances: 1 }
param apiSlot = false

param redisSku = 'Balanced_B0'
param redisHighAvailability = false

param postgresSize = 'Standard_B2s'
param postgresStorageGiB = 32
param postgresReplicas = 0
