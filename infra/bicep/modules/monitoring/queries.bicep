metadata description = 'Saved queries: what one would ask a tracing system.'

param location string
param tags object

@description('Of the query pack.')
param packName string

// The first line of a file is its title, the second says what it is for.
var files = [
  { id: 'slow-requests', text: loadTextContent('../../../kql/queries/slow-requests.kql') }
  { id: 'slowest-spans', text: loadTextContent('../../../kql/queries/slowest-spans.kql') }
  { id: 'statements', text: loadTextContent('../../../kql/queries/statements.kql') }
  { id: 'dependencies', text: loadTextContent('../../../kql/queries/dependencies.kql') }
  { id: 'trace', text: loadTextContent('../../../kql/queries/trace.kql') }
  { id: 'errors-by-operation', text: loadTextContent('../../../kql/queries/errors-by-operation.kql') }
  { id: 'cold-reads', text: loadTextContent('../../../kql/queries/cold-reads.kql') }
  { id: 'instances', text: loadTextContent('../../../kql/queries/instances.kql') }
]

resource pack 'Microsoft.OperationalInsights/queryPacks@2026-03-01' = {
  name: packName
  location: location
  tags: tags
  properties: {}
}

resource queries 'Microsoft.OperationalInsights/queryPacks/queries@2026-03-01' = [
  for file in files: {
    parent: pack
    name: guid(file.id)
    properties: {
      displayName: substring(split(file.text, '\n')[0], 3)
      description: substring(split(file.text, '\n')[1], 3)
      body: file.text
      related: {
        categories: ['applications']
        resourceTypes: ['microsoft.insights/components', 'microsoft.operationalinsights/workspaces']
      }
    }
  }
]
