import { ComputeSize } from 'sizes.bicep'

param location string
param tags object

@description('Name of the primary; replicas have a number behind it.')
param name string
param computeSize ComputeSize
param storageGiB int
param version string
param zoneRedundant bool
param backupRetentionDays int
param geoRedundantBackup bool

@description('Read replicas, and how many of them exist already.')
param replicaCount int
param replicasMade int
param publicNetworkAccess bool
param allowedAddresses string[]
param administrator { objectId: string, name: string, type: 'Group' | 'ServicePrincipal' | 'User' }
param workspaceId string

@description('Subnet and DNS zone of the private endpoints.')
param endpointsSubnetId string
param privateDnsZoneName string

module primary 'primary.bicep' = {
  params: {
    location: location
    tags: tags
    name: name
    computeSize: computeSize
    storageGiB: storageGiB
    version: version
    zoneRedundant: zoneRedundant
    backupRetentionDays: backupRetentionDays
    geoRedundantBackup: geoRedundantBackup
    publicNetworkAccess: publicNetworkAccess
    allowedAddresses: allowedAddresses
    administrator: administrator
    workspaceId: workspaceId
  }
}

// One after the other: while one is made the primary refuses to make another.
@batchSize(1)
module replicas 'replica.bicep' = [for i in range(0, replicaCount): {
  params: {
    location: location
    tags: tags
    name: '${name}-replica-${i + 1}'
    computeSize: computeSize
    storageGiB: storageGiB
    primaryId: primary.outputs.id
    isNew: i >= replicasMade
    publicNetworkAccess: publicNetworkAccess
    workspaceId: workspaceId
  }
}]

module primaryEndpoint '../private-endpoint.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'pe-${name}'
    targetId: primary.outputs.id
    groupId: 'postgresqlServer'
    subnetId: endpointsSubnetId
    privateDnsZoneName: privateDnsZoneName
  }
  // The primary is busy while replicas are made of it.
  dependsOn: [replicas]
}

@batchSize(1)
module replicaEndpoints '../private-endpoint.bicep' = [for i in range(0, replicaCount): {
  params: {
    location: location
    tags: tags
    name: 'pe-${name}-replica-${i + 1}'
    targetId: replicas[i].outputs.id
    groupId: 'postgresqlServer'
    subnetId: endpointsSubnetId
    privateDnsZoneName: privateDnsZoneName
  }
}]

output primaryId string = primary.outputs.id
output primaryHost string = primary.outputs.host
output replicaIds string[] = [for i in range(0, replicaCount): replicas[i].outputs.id]
output replicaHosts string[] = [for i in range(0, replicaCount): replicas[i].outputs.host]
output databaseName string = primary.outputs.databaseName
