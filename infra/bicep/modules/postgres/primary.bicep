import { ComputeSize } from 'sizes.bicep'

param location string
param tags object
param name string

@description('Compute size; it decides how many connections the server takes.')
param computeSize ComputeSize

@description('Storage in GiB; it can grow, and its replicas must grow with it.')
param storageGiB int

@description('Major version.')
@allowed(['17', '18'])
param version string

@description('A standby in another zone that takes over by itself; not with a burstable size.')
param zoneRedundant bool

@description('How long backups are kept, 7 to 35 days.')
@minValue(7)
@maxValue(35)
param backupRetentionDays int
param geoRedundantBackup bool
param publicNetworkAccess bool

@description('Log Analytics workspace that keeps the server\'s log.')
param workspaceId string

@description('Addresses that are let in from outside while publicNetworkAccess is on.')
param allowedAddresses string[]

@description('Who administers the database: whoever deploys.')
param administrator { objectId: string, name: string, type: 'Group' | 'ServicePrincipal' | 'User' }

var databaseName = 'shop'

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: computeSize
    tier: startsWith(computeSize, 'Standard_B') ? 'Burstable' : 'GeneralPurpose'
  }
  properties: {
    version: version
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageGiB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupRetentionDays
      geoRedundantBackup: geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: { mode: zoneRedundant ? 'ZoneRedundant' : 'Disabled' }
    network: { publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled' }
  }
}

// What follows is made one after the other: a server that is being changed refuses the next change as busy.

resource admin 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administrator.objectId
  properties: {
    principalName: administrator.name
    principalType: administrator.type
    tenantId: tenant().tenantId
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: databaseName
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  dependsOn: [admin]
}

var parameters = [
  { name: 'azure.extensions', value: 'hypopg,pg_stat_statements' }
  // The service counts no statements unless it is told to. Query Store would count them a second time.
  { name: 'pg_stat_statements.track', value: 'top' }
  { name: 'pg_qs.query_capture_mode', value: 'none' }
  { name: 'track_io_timing', value: 'on' }
  // What comes before any role's own limits, and for those that have none.
  { name: 'idle_in_transaction_session_timeout', value: '60000' }
  { name: 'ssl_min_protocol_version', value: 'TLSv1.2' }
]

@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [for parameter in parameters: {
  parent: server
  name: parameter.name
  properties: {
    source: 'user-override'
    value: parameter.value
  }
  dependsOn: [database]
}]

@batchSize(1)
resource firewall 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = [for (address, i) in publicNetworkAccess ? allowedAddresses : []: {
  parent: server
  name: 'allowed-${i}'
  properties: {
    startIpAddress: address
    endIpAddress: address
  }
  dependsOn: [configuration]
}]

// There is no newer version that is not a preview, and the one that is none cannot do this.
#disable-next-line use-recent-api-versions
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: server
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'PostgreSQLLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = server.id
output name string = server.name
output host string = server.properties.fullyQualifiedDomainName
output databaseName string = databaseName
