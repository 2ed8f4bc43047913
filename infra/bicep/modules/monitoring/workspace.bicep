metadata description = 'Where logs, traces and metrics go: a Log Analytics workspace, and Application Insights upon it. Nobody sends by a key.'

param location string
param tags object

@description('Of the Log Analytics workspace.')
param workspaceName string

@description('Of the Application Insights component.')
param componentName string

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output componentId string = component.id
output componentName string = component.name

@description('Says where to send. It is no secret: without local authentication a sender needs the role Monitoring Metrics Publisher.')
output connectionString string = component.properties.ConnectionString
