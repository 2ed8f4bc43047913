import { ComputeSize } from 'sizes.bicep'

param location string
param tags object
param name string

@description('The same as the primary\'s: a smaller one may not replay as fast, and its max_connections may not be lower.')
param computeSize ComputeSize

@description('The same as the primary\'s.')
param storageGiB int

@description('The primary.')
param primaryId string

@description('True on the first deployment only. A replica that is told again to become one is refused.')
param isNew bool
param publicNetworkAccess bool

@description('Log Analytics workspace that keeps the server\'s log.')
param workspaceId string

// A replica has no standby and no backups of its own: those are the primary's.
resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: computeSize
    tier: 'GeneralPurpose'
  }
  properties: {
    ...(isNew ? { createMode: 'Replica', sourceServerResourceId: primaryId } : {})
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageGiB
      autoGrow: 'Enabled'
    }
    network: { publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled' }
  }
}

// Each server counts for itself.
var parameters = [
  { name: 'pg_stat_statements.track', value: 'top' }
  { name: 'pg_qs.query_capture_mode', value: 'none' }
  { name: 'track_io_timing', value: 'on' }
]

@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [for parameter in parameters: {
  parent: server
  name: parameter.name
  properties: {
    source: 'user-override'
    value: parameter.value
  }
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
