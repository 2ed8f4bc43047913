@description('Where everything lies.')
param location string
param tags object

@description('Name of the virtual network.')
param name string

@description('Address space of the network; a /22 at least.')
param addressPrefix string

@description('Private DNS zones that the services behind private endpoints need.')
param privateDnsZoneNames string[]

// A subnet's addresses are one per instance of the plan, and twice that while it is scaled or upgraded: /26 for 20 instances, /25 for room.
var appsPrefix = cidrSubnet(addressPrefix, 25, 0)
var endpointsPrefix = cidrSubnet(addressPrefix, 26, 2)
var runnersPrefix = cidrSubnet(addressPrefix, 27, 6)

// One outgoing address that partners can allow; without it apps whose traffic is routed into the network reach nothing outside.
resource outgoingAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: 'pip-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

resource natGateway 'Microsoft.Network/natGateways@2025-05-01' = {
  name: 'ng-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIpAddresses: [{ id: outgoingAddress.id }]
  }
}

// The data services answer the apps, and the machines that migrate the database and upload packages; nobody else in this network or a peered one.
resource endpointsRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowAppsAndRunners'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: [appsPrefix, runnersPrefix]
          sourcePortRange: '*'
          destinationAddressPrefix: endpointsPrefix
          // HTTPS; PostgreSQL; Azure Cache for Redis; Managed Redis and the ports of its nodes.
          destinationPortRanges: ['443', '5432', '6380', '8500-8599', '10000']
        }
      }
      {
        name: 'DenyOthers'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: appsPrefix
          defaultOutboundAccess: false
          natGateway: { id: natGateway.id }
          delegations: [
            {
              name: 'apps'
              properties: { serviceName: 'Microsoft.Web/serverFarms' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointsPrefix
          defaultOutboundAccess: false
          networkSecurityGroup: { id: endpointsRules.id }
          // Without it the rules do not hold for private endpoints.
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
      {
        // For the runner that deploys: it migrates the database and uploads packages where neither can be reached from outside.
        name: 'runners'
        properties: {
          addressPrefix: runnersPrefix
          defaultOutboundAccess: false
          natGateway: { id: natGateway.id }
        }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in privateDnsZoneNames: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, i) in privateDnsZoneNames: {
  parent: zones[i]
  name: name
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

output appsSubnetId string = network::apps.id
output endpointsSubnetId string = network::endpoints.id
