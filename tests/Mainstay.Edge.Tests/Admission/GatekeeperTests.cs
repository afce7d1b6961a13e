using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Resilience.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Admission;

public sealed class GatekeeperTests
{
    [Fact]
    public void A_log_that_fails_ends_neither_the_process_nor_the_refusing()
    {
        var time = new FakeTimeProvider();
        var events = new EdgeEvents(time, new Failing());
        using var keeper = new Gatekeeper(AdmissionGate.Fixed(1), "web", time, events);
        var share = keeper.Gate.AddRoute("/**");
        Request[] requests = [.. Enumerable.Range(0, 3).Select(_ => new Request())];
        foreach (var request in requests)
            keeper.Gate.Enter(request, share, Priority.Normal, time.Seconds() + 60, time.Seconds());
        keeper.Wake();

        time.Advance(TimeSpan.FromSeconds(5)); // a timer's exceptions come out here; elsewhere they end the process

        Assert.Equal("-, Shed, Shed", string.Join(", ", requests.Select(request => request.Told?.ToString() ?? "-")));
        Assert.StartsWith("overloaded", events.Latest[0].What, StringComparison.Ordinal);
    }

    private sealed class Request : Ticket
    {
        public AdmissionAnswer? Told { get; private set; }

        public override void Decided(AdmissionAnswer answer) => Told = answer;
    }

    private sealed class Failing : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("no space left on device");
    }
}
