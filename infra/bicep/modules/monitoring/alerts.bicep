metadata description = 'Who is told, and of what: the alerts of docs/monitoring.md.'

param location string
param tags object

@description('Begins the name of every alert.')
param namePrefix string

@description('The Application Insights component, told with every alert, so that whoever gets it need not look for it.')
param componentId string

@description('The Log Analytics workspace that queries ask.')
param workspaceId string

@description('The PostgreSQL server that is written to.')
param primaryId string

@description('Its replicas.')
param replicaIds array

@description('max_connections of a server.')
@minValue(25)
param connectionLimit int

@description('Who is told, by mail.')
param alertEmails array

var logAlerts = [
  {
    name: 'latency-p95'
    query: loadTextContent('../../../kql/alerts/latency-p95.kql')
    measure: 'P95'
    dimension: ''
    operator: 'GreaterThan'
    threshold: '500'
    window: 'PT5M'
    severity: 2
    description: 'One request in 20 takes longer than 500 ms. Look at the workbook first: whether the hit ratio fell or queries became slow tells where to go on.'
  }
  {
    name: 'latency-p99'
    query: loadTextContent('../../../kql/alerts/latency-p99.kql')
    measure: 'P99'
    dimension: ''
    operator: 'GreaterThan'
    threshold: '1000'
    window: 'PT15M'
    severity: 2
    description: 'One request in 100 takes longer than 1 s. Look first at the saved query "Slow requests by operation", and follow one of them with "One request as a waterfall".'
  }
  {
    name: 'cache-hit-ratio'
    query: loadTextContent('../../../kql/alerts/cache-hit-ratio.kql')
    measure: 'HitPercent'
    dimension: ''
    operator: 'LessThan'
    threshold: '80'
    window: 'PT15M'
    severity: 2
    description: 'Fewer than 80 % of reads are answered by a cache, and the database bears the rest. Look first whether Redis was lost or evicts, and whether the warming has run.'
  }
  {
    name: 'query-mean'
    query: loadTextContent('../../../kql/alerts/query-mean.kql')
    measure: 'MeanMs'
    dimension: 'Server'
    operator: 'GreaterThan'
    threshold: '100'
    window: 'PT10M'
    severity: 2
    description: 'A query takes longer than 100 ms on average. Look first at the findings of the diagnosis (GET /api/ops/diagnosis): a missing index, a lock or a busy server has a name there.'
  }
  {
    name: 'breaker-open'
    query: loadTextContent('../../../kql/alerts/breaker-open.kql')
    measure: 'OpenPercent'
    dimension: 'Breaker'
    operator: 'GreaterThan'
    threshold: '1'
    window: 'PT15M'
    severity: 1
    description: 'A breaker was open for more than 1 % of the time: its server failed, or was too slow. Look first at GET /api/ops/status, which says which server and why, then at that server.'
  }
  {
    name: 'server-errors'
    query: loadTextContent('../../../kql/alerts/server-errors.kql')
    measure: 'FailedPercent'
    dimension: ''
    operator: 'GreaterThan'
    threshold: '0.5'
    window: 'PT5M'
    severity: 1
    description: 'More than 0.5 % of requests are answered by 500 or above. Look first at the saved query "Errors by operation"; if most are 503, a breaker is open or a limit is reached.'
  }
]

// Without replicas there is nothing to be behind.
var replicaAlerts = empty(replicaIds)
  ? []
  : [
      {
        name: 'replica-lag'
        query: loadTextContent('../../../kql/alerts/replica-lag.kql')
        measure: 'LagSeconds'
        dimension: 'Replica'
        operator: 'GreaterThan'
        threshold: '5'
        window: 'PT5M'
        severity: 2
        description: 'A replica is more than 5 s behind, so reads go elsewhere, if need be to the primary. Look first at what writes so much on the primary, and at long queries on the replica, which stop its replay.'
      }
    ]

var metricAlerts = [
  {
    name: 'database-storage'
    metric: 'storage_percent'
    aggregation: 'Maximum'
    threshold: 80
    window: 'PT15M'
    frequency: 'PT5M'
    severity: 1
    description: 'The disk of a PostgreSQL server is more than 80 % full; a full one takes no more writes. Look first at the write-ahead log a lost replica may hold back, then at the largest tables.'
  }
  {
    name: 'database-connections'
    metric: 'active_connections'
    aggregation: 'Average'
    threshold: connectionLimit * 80 / 100
    window: 'PT5M'
    frequency: 'PT1M'
    severity: 1
    description: 'More than 80 % of the connections a PostgreSQL server has are taken; then it refuses. Look first at the number of instances times Postgres__MaxPoolSize, then at sessions that are idle in a transaction.'
  }
  {
    name: 'database-cpu'
    metric: 'cpu_percent'
    aggregation: 'Average'
    threshold: 80
    window: 'PT15M'
    frequency: 'PT5M'
    severity: 2
    description: 'A PostgreSQL server is more than 80 % busy. Look first at the hit ratio: if it fell, the cache is the cause; if not, at the findings of the diagnosis (GET /api/ops/diagnosis).'
  }
]

var servers = concat([primaryId], replicaIds)

// Each server by itself: one rule for several may not be had for every kind of resource.
var serverAlerts = flatten(map(
  servers,
  server => map(metricAlerts, alert => union(alert, { server: server, name: '${alert.name}-${last(split(server, '/'))}' }))
))

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-operations'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: take(namePrefix, 12)
    emailReceivers: [
      for (email, index) in alertEmails: {
        name: 'email-${index + 1}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in concat(logAlerts, replicaAlerts): {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix}-${alert.name}'
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Average'
            metricMeasureColumn: alert.measure
            dimensions: empty(alert.dimension) ? [] : [{ name: alert.dimension, operator: 'Include', values: ['*'] }]
            operator: alert.operator
            // The type says int; the service takes fractions.
            threshold: json(alert.threshold)
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: [actions.id]
        customProperties: { component: componentId }
      }
    }
  }
]

resource metricRules 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in serverAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.server]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.metric
            metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
            metricName: alert.metric
            operator: 'GreaterThan'
            threshold: alert.threshold
            timeAggregation: alert.aggregation
          }
        ]
      }
      actions: [{ actionGroupId: actions.id, webHookProperties: { component: componentId } }]
    }
  }
]
