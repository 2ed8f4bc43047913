metadata description = 'The workbook that is opened first on an alert. Its questions come in the order in which they were asked in the incident.'

param location string
param tags object
param displayName string

@description('The Log Analytics workspace that it asks.')
param workspaceId string

// The first line of a file is the question, the second says how to read the answer.
var charts = [
  { name: 'latency', text: loadTextContent('../../../kql/workbook/latency.kql'), kind: 'linechart' }
  { name: 'errors', text: loadTextContent('../../../kql/workbook/errors.kql'), kind: 'unstackedbar' }
  { name: 'instances', text: loadTextContent('../../../kql/workbook/instances.kql'), kind: 'linechart' }
  { name: 'queries', text: loadTextContent('../../../kql/workbook/queries.kql'), kind: 'linechart' }
  { name: 'query-mean', text: loadTextContent('../../../kql/workbook/query-mean.kql'), kind: 'linechart' }
  { name: 'hit-ratio', text: loadTextContent('../../../kql/workbook/hit-ratio.kql'), kind: 'areachart' }
  { name: 'breakers', text: loadTextContent('../../../kql/workbook/breakers.kql'), kind: 'linechart' }
  { name: 'replica-lag', text: loadTextContent('../../../kql/workbook/replica-lag.kql'), kind: 'linechart' }
  { name: 'refusals', text: loadTextContent('../../../kql/workbook/refusals.kql'), kind: 'unstackedbar' }
  { name: 'findings', text: loadTextContent('../../../kql/workbook/findings.kql'), kind: 'table' }
]

var timeRange = {
  type: 9
  name: 'time'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    parameters: [
      {
        id: guid('TimeRange')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Time range'
        type: 4
        isRequired: true
        value: { durationMs: 3600000 }
        typeSettings: {
          selectableValues: [
            { durationMs: 900000 }
            { durationMs: 3600000 }
            { durationMs: 14400000 }
            { durationMs: 86400000 }
            { durationMs: 604800000 }
          ]
          allowCustom: true
        }
      }
    ]
  }
}

var items = map(charts, chart => {
  type: 3
  name: chart.name
  customWidth: '50'
  content: {
    version: 'KqlItem/1.0'
    title: '${substring(split(chart.text, '\n')[0], 3)} ${substring(split(chart.text, '\n')[1], 3)}'
    noDataMessage: 'Nothing was told of this in the time range.'
    query: chart.text
    size: 0
    timeContextFromParameter: 'TimeRange'
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    crossComponentResources: [workspaceId]
    visualization: chart.kind
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([timeRange], items)
      fallbackResourceIds: [workspaceId]
      '$schema': 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json'
    })
  }
}
