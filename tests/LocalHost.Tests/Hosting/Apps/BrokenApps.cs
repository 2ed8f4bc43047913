using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Broken.Nested
{
    public class Outer
    {
        public class Inner
        {
            [Function("Nested")]
            public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
            {
            }
        }
    }
}

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Broken.Twice
{
    public class Same
    {
        [Function("Same")]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
        }

        [Function("same")]
        public void RunToo([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
        }
    }
}

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Broken.NoTrigger
{
    public class Untriggered
    {
        [Function("NoTrigger")]
        public void Run(HttpRequest request)
        {
        }
    }
}

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Broken.WrongWarmup
{
    public class Misnamed
    {
        [Function("WarmCache")]
        public void Run([WarmupTrigger] object? context)
        {
        }
    }
}

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Broken.Unbound
{
    public class Unbound
    {
        [Function("Unbound")]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "unbound/{id}")] HttpRequest request, string category)
        {
        }
    }
}
