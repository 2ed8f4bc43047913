namespace TByte.Functions.Infrastructure.Tests;

/// <summary>Ways to break the templates: the environment in which it shows, the rule that must find it, the change.</summary>
public static class Mutations
{
    public static TheoryData<string, TemplateChange> All() => new()
    {
        {
            "prod: ScaleRules.Production_scales_from_3_to_20",
            new("prod.bicepparam", "minimumInstances: 3, maximumInstances: 20", "minimumInstances: 2, maximumInstances: 20")
        },
        {
            "prod: ScaleRules.Production_scales_from_3_to_20",
            new("modules/apps/plan.bicep", "maximumElasticWorkerCount: maximumInstances", "maximumElasticWorkerCount: maximumInstances - 10")
        },
        {
            "prod: ScaleRules.Instances_that_always_run_are_set_on_the_site",
            new("modules/apps/function-app.bicep", "  minimumElasticInstanceCount: scale.minimumInstances\n", "")
        },
        {
            "prod: ScaleRules.Instances_that_always_run_are_set_on_the_site",
            new("modules/apps/plan.bicep", "    zoneRedundant: zoneRedundant\n", "    zoneRedundant: zoneRedundant\n    minimumElasticInstanceCount: 3\n")
        },
        {
            "prod: ScaleRules.Instances_that_always_run_are_set_on_the_site",
            new("modules/apps/plan.bicep", "output id", "resource scale 'Microsoft.Insights/autoscaleSettings@2022-10-01' = {\n  name: name\n  location: location\n  properties: { profiles: [], targetResourceUri: plan.id }\n}\n\noutput id")
        },
        {
            "prod: ScaleRules.Apps_with_timers_only_have_one_instance",
            new("main.bicep", "timerScale = { minimumInstances: 1, maximumInstances: 1", "timerScale = { minimumInstances: 1, maximumInstances: 2")
        },
        {
            "prod: ScaleRules.Health_check_asks_no_dependency",
            new("modules/apps/shop.bicep", "'/api/health/live'", "'/api/health/ready'")
        },
        {
            "prod: ScaleRules.A_swap_waits_for_live_instances",
            new("modules/apps/function-app.bicep", "WEBSITE_SWAP_WARMUP_PING_STATUSES: '200'", "WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,503'")
        },
        {
            "prod: ScaleRules.Connections_fit_the_servers",
            new("modules/apps/shop.bicep", "string(apiPool.maximum)", "'100'")
        },
        {
            "dev: ScaleRules.Connections_fit_the_servers",
            new TemplateChange("modules/postgres/sizes.bicep", "Standard_B2s: 429", "Standard_B2s: 4290")
                .And("dev.bicepparam", "maximumInstances: 3", "maximumInstances: 9")
        },
        {
            "prod: DatabaseRules.Production_has_a_standby_and_two_replicas",
            new("prod.bicepparam", "postgresReplicas = 2", "postgresReplicas = 1")
        },
        {
            "prod: DatabaseRules.Production_has_a_standby_and_two_replicas",
            new("modules/postgres/primary.bicep", "zoneRedundant ? 'ZoneRedundant'", "zoneRedundant ? 'SameZone'")
        },
        {
            "dev: DatabaseRules.Burstable_servers_have_neither_replicas_nor_a_standby",
            new TemplateChange("main.bicep", "replicaCount = isBurstable &&", "replicaCount = false &&")
                .And("dev.bicepparam", "postgresReplicas = 0", "postgresReplicas = 1")
        },
        {
            "dev: DatabaseRules.Burstable_servers_have_neither_replicas_nor_a_standby",
            new("modules/postgres/primary.bicep", ": 'Disabled' }\n    network", ": 'SameZone' }\n    network")
        },
        {
            "prod: DatabaseRules.Tiers_are_those_of_the_sizes",
            new("modules/postgres/replica.bicep", "tier: 'GeneralPurpose'", "tier: 'Burstable'")
        },
        {
            "prod: DatabaseRules.Replicas_have_no_standby_and_no_backups",
            new("modules/postgres/replica.bicep", "    storage: {", "    highAvailability: { mode: 'ZoneRedundant' }\n    storage: {")
        },
        {
            "prod: DatabaseRules.Replicas_have_no_standby_and_no_backups",
            new("modules/postgres/replica.bicep", "    storage: {", "    backup: { backupRetentionDays: 7 }\n    storage: {")
        },
        {
            "prod: DatabaseRules.Replicas_are_as_large_as_the_primary",
            new("modules/postgres/servers.bicep", "computeSize: computeSize\n    storageGiB: storageGiB\n    primaryId", "computeSize: 'Standard_D2ds_v5'\n    storageGiB: storageGiB\n    primaryId")
        },
        {
            "prod: DatabaseRules.Replicas_are_as_large_as_the_primary",
            new("modules/postgres/replica.bicep", "storageSizeGB: storageGiB", "storageSizeGB: storageGiB / 2")
        },
        {
            "prod again: DatabaseRules.Replicas_are_made_once",
            new("modules/postgres/servers.bicep", "isNew: i >= replicasMade", "isNew: i >= replicasMade || true")
        },
        {
            "prod: DatabaseRules.Replicas_are_made_once",
            new("modules/postgres/servers.bicep", "isNew: i >= replicasMade", "isNew: i >= replicasMade && false")
        },
        {
            "prod: DatabaseRules.Statements_are_counted_once_on_every_server",
            new("modules/postgres/replica.bicep", "  { name: 'pg_stat_statements.track', value: 'top' }\n", "")
        },
        {
            "prod: DatabaseRules.Statements_are_counted_once_on_every_server",
            new("modules/postgres/primary.bicep", "'pg_qs.query_capture_mode', value: 'none'", "'pg_qs.query_capture_mode', value: 'top'")
        },
        {
            "prod: DatabaseRules.Statements_are_counted_once_on_every_server",
            new("modules/postgres/primary.bicep", "'hypopg,pg_stat_statements'", "'pg_stat_statements'")
        },
        {
            "prod: DatabaseRules.Sign_in_is_by_entra_only",
            new("modules/postgres/primary.bicep", "passwordAuth: 'Disabled'", "passwordAuth: 'Enabled'")
        },
        {
            "prod: DatabaseRules.Each_replica_is_read_by_its_own_name",
            new("modules/apps/shop.bicep", "connectionString(replicas[i], database, role)", "connectionString(replicas[0], database, role)")
        },
        {
            "prod: DatabaseRules.Each_replica_is_read_by_its_own_name",
            new("modules/postgres/primary.bicep", "output id", "resource reader 'Microsoft.DBforPostgreSQL/flexibleServers/virtualendpoints@2025-08-01' = {\n  parent: server\n  name: 'reader'\n  properties: { endpointType: 'ReadWrite', members: ['one'] }\n}\n\noutput id")
        },
        {
            "prod: DatabaseRules.Servers_are_reached_directly",
            new("modules/apps/shop.bicep", "Port=5432", "Port=6432")
        },
        {
            "prod: DatabaseRules.What_belongs_to_a_server_is_made_one_after_the_other",
            new("modules/postgres/primary.bicep", "@batchSize(1)\nresource configuration", "resource configuration")
        },
        {
            "prod: DatabaseRules.What_belongs_to_a_server_is_made_one_after_the_other",
            new("modules/postgres/primary.bicep", "  dependsOn: [admin]\n", "")
        },
        {
            "prod: DatabaseRules.What_belongs_to_a_server_is_made_one_after_the_other",
            new("modules/postgres/servers.bicep", "@batchSize(1)\nmodule replicas ", "module replicas ")
        },
        {
            "prod: RedisRules.A_new_deployment_has_managed_redis",
            new TemplateChange("main.bicep", "'AzureCacheForRedis' = 'AzureManagedRedis'", "'AzureCacheForRedis' = 'AzureCacheForRedis'")
                .And("prod.bicepparam", "'Balanced_B5'", "'P1'")
        },
        {
            "prod: RedisRules.Keys_are_off",
            new("modules/redis/managed-redis.bicep", "accessKeysAuthentication: 'Disabled'", "accessKeysAuthentication: 'Enabled'")
        },
        {
            "classic: RedisRules.Keys_are_off",
            new("modules/redis/azure-cache-for-redis.bicep", "disableAccessKeyAuthentication: true", "disableAccessKeyAuthentication: false")
        },
        {
            "prod: RedisRules.Only_what_has_a_life_is_evicted",
            new("modules/redis/managed-redis.bicep", "'VolatileLRU'", "'AllKeysLRU'")
        },
        {
            "classic: RedisRules.Only_what_has_a_life_is_evicted",
            new("modules/redis/azure-cache-for-redis.bicep", "'volatile-lru'", "'allkeys-lru'")
        },
        {
            "prod: RedisRules.Connections_are_encrypted",
            new("modules/redis/managed-redis.bicep", "clientProtocol: 'Encrypted'", "clientProtocol: 'Plaintext'")
        },
        {
            "classic: RedisRules.Connections_are_encrypted",
            new("modules/redis/azure-cache-for-redis.bicep", "enableNonSslPort: false", "enableNonSslPort: true")
        },
        {
            "prod: RedisRules.Connections_are_encrypted",
            new("modules/redis/managed-redis.bicep", ",ssl=true", "")
        },
        {
            "prod: RedisRules.Production_has_two_nodes",
            new("prod.bicepparam", "redisHighAvailability = true", "redisHighAvailability = false")
        },
        {
            "prod: RedisRules.Every_app_may_sign_in",
            new("modules/redis/redis.bicep", "concat(writers, readers)", "concat(writers, take(readers, 0))")
        },
        {
            "prod: NetworkRules.Data_services_are_not_public",
            new("modules/postgres/replica.bicep", "publicNetworkAccess ? 'Enabled' : 'Disabled'", "publicNetworkAccess ? 'Enabled' : 'Enabled'")
        },
        {
            "staging: NetworkRules.Data_services_are_not_public",
            new("staging.bicepparam", "publicNetworkAccess = false", "publicNetworkAccess = true")
        },
        {
            "dev: NetworkRules.Public_storage_lets_in_named_addresses_only",
            new("modules/storage.bicep", "defaultAction: 'Deny'", "defaultAction: 'Allow'")
        },
        {
            "prod: NetworkRules.Each_data_service_has_a_private_endpoint_and_a_name",
            new("modules/postgres/servers.bicep", "targetId: replicas[i].outputs.id", "targetId: primary.outputs.id")
        },
        {
            "prod: NetworkRules.Each_data_service_has_a_private_endpoint_and_a_name",
            new("main.bicep", "[blobZone, postgresZone, redisZone]", "[blobZone, postgresZone]")
        },
        {
            "prod: NetworkRules.Apps_are_in_the_network",
            new("modules/apps/function-app.bicep", "allTraffic: true", "allTraffic: false")
        },
        {
            "prod: NetworkRules.Apps_have_room_and_a_way_out",
            new("modules/network.bicep", "cidrSubnet(addressPrefix, 25, 0)", "cidrSubnet(addressPrefix, 28, 0)")
        },
        {
            "prod: NetworkRules.Only_the_api_can_be_called",
            new("modules/apps/function-app.bicep", "scmIpSecurityRestrictionsDefaultAction: 'Deny'", "scmIpSecurityRestrictionsDefaultAction: 'Allow'")
        },
        {
            "prod: NetworkRules.Only_the_api_can_be_called",
            new("modules/apps/function-app.bicep", "isPublic ? 'Allow' : 'Deny'", "isPublic ? 'Allow' : 'Allow'")
        },
        {
            "prod: NetworkRules.Nothing_takes_an_old_tls",
            new("modules/apps/function-app.bicep", "  minTlsVersion: '1.2'", "  minTlsVersion: '1.0'")
        },
        {
            "prod: NetworkRules.Nothing_takes_an_old_tls",
            new("modules/apps/shop.bicep", "SSL Mode=VerifyFull", "SSL Mode=Require")
        },
        {
            "prod: SecretRules.There_is_no_key_and_no_password",
            new("modules/storage.bicep", "output name", "#disable-next-line outputs-should-not-contain-secrets\noutput key string = account.listKeys().keys[0].value\noutput name")
        },
        {
            "prod: SecretRules.There_is_no_key_and_no_password",
            new("modules/apps/shop.bicep", ";SSL Mode", ";Password=shop;SSL Mode")
        },
        {
            "prod: SecretRules.Nothing_can_be_opened_with_a_key",
            new("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true")
        },
        {
            "prod: SecretRules.Nothing_can_be_opened_with_a_key",
            new("modules/monitoring/workspace.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false")
        },
        {
            "prod again: SecretRules.Packages_are_read_by_identity_and_there_is_no_content_share",
            new("modules/apps/function-app.bicep", "  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identity.id\n", "")
        },
        {
            "prod: SecretRules.Packages_are_read_by_identity_and_there_is_no_content_share",
            new("modules/apps/function-app.bicep", "  FUNCTIONS_EXTENSION_VERSION: '~4'\n", "  FUNCTIONS_EXTENSION_VERSION: '~4'\n  WEBSITE_CONTENTSHARE: name\n")
        },
        {
            "prod: SecretRules.Each_app_has_an_identity_of_its_own",
            new("modules/apps/shop.bicep", "    identity: identities[1]", "    identity: identities[0]")
        },
        {
            "prod: RoleRules.Roles_are_exactly_those_listed",
            new("modules/roles.bicep", "roleDefinitions', blobReader)\n  }\n}\n\nresource uploadPackages", "roleDefinitions', blobContributor)\n  }\n}\n\nresource uploadPackages")
        },
        {
            "prod: RoleRules.Roles_are_exactly_those_listed",
            new("modules/roles.bicep", "  scope: contentStorage::blobs::reports\n  name: guid(contentStorage::blobs::reports.id, maintenance.id", "  scope: contentStorage\n  name: guid(contentStorage::blobs::reports.id, maintenance.id")
        },
        {
            "prod: SettingRules.Every_setting_is_read_by_its_app",
            new("modules/apps/shop.bicep", "      RateLimits__TrustedProxyHops: '1'\n", "      RateLimit__TrustedProxyHops: '1'\n")
        },
        {
            "prod: SettingRules.Every_app_starts_with_its_settings",
            new("modules/apps/shop.bicep", "      RateLimits__TrustedProxyHops: '1'\n", "      RateLimits__ProxyHops: '1'\n")
        },
        {
            "prod: SettingRules.Every_app_starts_with_its_settings",
            new("modules/apps/shop.bicep", "      RateLimits__TrustedProxyHops: '1'\n", "      RateLimits__TrustedProxyHops: '11'\n")
        },
        {
            "prod: SettingRules.Everything_without_a_default_is_set",
            new("modules/apps/shop.bicep", "      DiagnoseShopSchedule: '0 */5 * * * *'\n", "")
        },
        {
            "prod: SettingRules.Everything_without_a_default_is_set",
            new("modules/apps/shop.bicep", "      Redis__Connection: redisConnection\n      MoveProductViews", "      MoveProductViews")
        },
        {
            "prod: SettingRules.Host_ids_are_unique",
            new("modules/apps/function-app.bicep", "...hostId('${take(name, 27)}-${slotName}')", "...hostId(name)")
        },
        {
            "prod: SettingRules.Host_ids_are_unique",
            new("modules/apps/function-app.bicep", "['AzureFunctionsWebHost__hostid']", "[]")
        },
        {
            "prod: SettingRules.A_slot_has_the_settings_of_its_app",
            new("modules/apps/function-app.bicep", "appSettings: toList({ ...appSettings, ...hostId('${take", "appSettings: toList({ ...appSettings, Cache__MemoryLife: '00:00:01', ...hostId('${take")
        },
        {
            "prod: SettingRules.Telemetry_is_sent_by_identity",
            new("modules/apps/function-app.bicep", "'ClientId=${identity.clientId};Authorization=AAD'", "'Authorization=AAD'")
        },
    };
}
