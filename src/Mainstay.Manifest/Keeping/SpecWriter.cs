using System.Collections.Immutable;
using System.Text.Json;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Keeping;

/// <summary>The members of each record of the model, inside an object that has been started; the counterpart of <see cref="SpecReader"/>.</summary>
internal static class SpecWriter
{
    public static void Manifest(Utf8JsonWriter json, ManifestSpec manifest)
    {
        json.WriteString("Name", manifest.Name);
        json.WriteString("Directory", manifest.Directory);
        json.WriteString("File", manifest.File);
        Section(json, "Edge", manifest.Edge, Edge);
        List(json, "Services", manifest.Services, Service);
        List(json, "Dependencies", manifest.Dependencies, Dependency);
        List(json, "Routes", manifest.Routes, Route);
    }

    public static void Service(Utf8JsonWriter json, ServiceSpec service)
    {
        json.WriteString("Name", service.Name);
        Texts(json, "Command", service.Command);
        json.WriteString("Directory", service.Directory);
        Section(json, "Port", service.Port, Port);
        json.WriteNumber("Replicas", service.Replicas);
        Choice(json, "Protocol", service.Protocol);
        Map(json, "Environment", service.Environment!);
        json.WriteString("EnvironmentFile", service.EnvironmentFile);
        Section(json, "Inherit", service.Inherit, Inherit);
        Section(json, "Health", service.Health, Health);
        Section(json, "Stop", service.Stop, Stop);
        Number(json, "Memory", service.Memory);
        Section(json, "Deploy", service.Deploy, Deploy);
        List(json, "Needs", service.Needs, Need);
        Texts(json, "Urls", service.Urls.IsDefault ? [] : [.. service.Urls.Select(url => url.OriginalString)]);
    }

    public static void Dependency(Utf8JsonWriter json, DependencySpec dependency)
    {
        json.WriteString("Name", dependency.Name);
        json.WriteString("Url", dependency.Url);
        json.WriteString("Variable", dependency.Variable);
        json.WriteString("Prove", dependency.Prove);
    }

    /// <summary>An array that was never set is written as an empty one.</summary>
    public static void List<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write) where T : class
    {
        json.WriteStartArray(name);
        foreach (var item in items.IsDefault ? [] : items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Edge(Utf8JsonWriter json, EdgeSpec edge)
    {
        List(json, "Listen", edge.Listen, Listen);
        Texts(json, "TrustedProxies", edge.TrustedProxies.IsDefault ? [] : [.. edge.TrustedProxies.Select(network => network.ToString())]);
        Section(json, "Limits", edge.Limits, Limits);
        Time(json, "LameDuck", edge.LameDuck);
    }

    private static void Listen(Utf8JsonWriter json, ListenSpec listen)
    {
        json.WriteString("Url", listen.Url);
        json.WriteString("Address", listen.Address.ToString());
        json.WriteNumber("Port", listen.Port);
    }

    private static void Limits(Utf8JsonWriter json, EdgeLimitsSpec limits)
    {
        json.WriteNumber("Body", limits.Body);
        json.WriteNumber("Headers", limits.Headers);
        json.WriteNumber("Connections", limits.Connections);
        Time(json, "HeaderTimeout", limits.HeaderTimeout);
        Time(json, "IdleTimeout", limits.IdleTimeout);
    }

    private static void Port(Utf8JsonWriter json, PortSpec port)
    {
        Choice(json, "Kind", port.Kind);
        json.WriteNumber("Number", port.Number);
    }

    private static void Inherit(Utf8JsonWriter json, InheritSpec inherit)
    {
        Choice(json, "Kind", inherit.Kind);
        Texts(json, "Names", inherit.Names);
    }

    private static void Health(Utf8JsonWriter json, HealthSpec health)
    {
        json.WriteString("Ready", health.Ready);
        json.WriteString("Live", health.Live);
        Time(json, "Interval", health.Interval);
        Time(json, "Timeout", health.Timeout);
        json.WriteNumber("Failures", health.Failures);
        Time(json, "Start", health.Start);
    }

    private static void Stop(Utf8JsonWriter json, StopSpec stop)
    {
        json.WriteString("Signal", stop.Signal);
        Time(json, "Drain", stop.Drain);
        Time(json, "Grace", stop.Grace);
    }

    private static void Deploy(Utf8JsonWriter json, DeploySpec deploy)
    {
        Texts(json, "Build", deploy.Build);
        json.WriteString("Artifact", deploy.Artifact);
        Texts(json, "Before", deploy.Before);
        Time(json, "ReadyFor", deploy.ReadyFor);
        json.WriteBoolean("Overlap", deploy.Overlap);
    }

    private static void Need(Utf8JsonWriter json, NeedSpec need)
    {
        json.WriteString("Dependency", need.Dependency);
        json.WriteBoolean("Optional", need.Optional);
    }

    private static void Route(Utf8JsonWriter json, RouteSpec route)
    {
        json.WriteString("Path", route.Path);
        json.WriteString("Host", route.Host);
        Texts(json, "Methods", route.Methods);
        json.WriteString("Service", route.Service);
        json.WriteString("Redirect", route.Redirect);
        json.WriteString("StripPrefix", route.StripPrefix);
        Map(json, "RequestHeaders", route.RequestHeaders);
        Map(json, "ResponseHeaders", route.ResponseHeaders);
        Time(json, "Timeout", route.Timeout);
        Time(json, "AttemptTimeout", route.AttemptTimeout);
        Time(json, "IdleTimeout", route.IdleTimeout);
        json.WriteNumber("Retries", route.Retries);
        Texts(json, "Idempotent", route.Idempotent);
        json.WriteNumber("BodyLimit", route.BodyLimit);
        List(json, "Exercise", route.Exercise, Exercise);
        Texts(json, "Uses", route.Uses);
        Section(json, "Objective", route.Objective, Objective);
        json.WriteNumber("Line", route.Line);
        Choice(json, "Priority", route.Priority);
        Section(json, "Concurrency", route.Concurrency, Concurrency);
        Section(json, "RateLimit", route.RateLimit, RateLimit);
        Section(json, "Fallback", route.Fallback, Fallback);
        Section(json, "Hedge", route.Hedge, Hedge);
    }

    private static void Exercise(Utf8JsonWriter json, ExerciseSpec exercise)
    {
        json.WriteString("Method", exercise.Method);
        json.WriteString("Path", exercise.Path);
        Map(json, "Headers", exercise.Headers!);
        json.WriteString("Body", exercise.Body);
        Number(json, "ExpectedStatus", exercise.ExpectedStatus);
    }

    private static void Objective(Utf8JsonWriter json, ObjectiveSpec objective)
    {
        json.WriteNumber("Availability", objective.Availability);
        Time(json, "LatencyP99", objective.LatencyP99);
        Time(json, "Window", objective.Window);
    }

    private static void Concurrency(Utf8JsonWriter json, ConcurrencySpec concurrency)
    {
        Choice(json, "Mode", concurrency.Mode);
        json.WriteNumber("Limit", concurrency.Limit);
    }

    private static void RateLimit(Utf8JsonWriter json, RateLimitSpec limit)
    {
        json.WriteNumber("Rate", limit.Rate);
        json.WriteNumber("Burst", limit.Burst);
        Choice(json, "By", limit.By);
        json.WriteString("Header", limit.Header);
    }

    private static void Fallback(Utf8JsonWriter json, FallbackSpec fallback)
    {
        json.WriteNumber("Status", fallback.Status);
        json.WriteString("File", fallback.File);
        json.WriteString("ContentType", fallback.ContentType);
    }

    private static void Hedge(Utf8JsonWriter json, HedgeSpec hedge)
    {
        json.WriteNumber("Quantile", hedge.Quantile);
        json.WriteString("Text", hedge.Text);
    }

    private static void Section<T>(Utf8JsonWriter json, string name, T? record, Action<Utf8JsonWriter, T> write) where T : class
    {
        if (record is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        write(json, record);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts.IsDefault ? [] : texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Map(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string?> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, text) in map)
            json.WriteString(key, text);
        json.WriteEndObject();
    }

    private static void Time(Utf8JsonWriter json, string name, TimeSpan? time) => json.WriteString(name, time?.ToString("c"));

    private static void Choice(Utf8JsonWriter json, string name, Enum choice) => json.WriteString(name, choice.ToString());

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
