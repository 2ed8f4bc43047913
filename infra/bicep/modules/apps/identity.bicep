param location string
param tags object
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output identity { id: string, name: string, clientId: string, principalId: string } = {
  id: identity.id
  name: identity.name
  clientId: identity.properties.clientId
  principalId: identity.properties.principalId
}
