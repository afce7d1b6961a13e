using Mainstay.Cli.Showing;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Showing;

public sealed class StatusLinesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly StatusReport Report = new(
        "shop",
        new(["http://127.0.0.1:8080"], true, 1, 20, 1, 0),
        [
            new("web", 3,
            [
                new("web-1", 4711, "127.0.0.1:41233", "ready", 3, Noon.AddMinutes(-5), 0, null, 2, 73400320),
                new("web-2", null, null, "crashed", 3, Noon.AddSeconds(-4), 5, "exited with code 3", 0, null, ["[no] such file"]),
            ]),
            new("mail", 0, [], ["http://10.0.0.7:25"]),
        ]);

    private static readonly EdgeStatus Busy = new(["http://127.0.0.1:8080"], true, 1, 20, 1, 0,
        Routes:
        [
            new("/pay", "web", "critical", "adaptive", 6, 2, 0, 0, 0, "closed", null),
            new("/**", "web", "normal", "observe", 6, 4, 3, 0, 17, "open", "18 failures in a row"),
        ],
        Upstreams: [new("mail", "10.0.0.7:25", "ejected", 1, "5 failures in a row")],
        Events: [new(Noon.AddMinutes(-2), "web", "overloaded"), new(Noon.AddHours(-2), "web", "long ago")]);

    [Fact]
    public void Shows_a_table_with_the_reasons_under_it() => Assert.Equal(
        """
        shop  http://127.0.0.1:8080  ready
        1 connection, 20 requests, 1 retry, 0 waiting

        SERVICE  REPLICA  STATE      PID  ADDRESS             RELEASE  IN FLIGHT  MEMORY  RESTARTS  SINCE
        web      web-1    ready     4711  127.0.0.1:41233           3          2  70 MiB         0     5m
        web      web-2    crashed      -  -                         3          0       -         5     4s
        mail              external        http://10.0.0.7:25

        web-2 crashed: exited with code 3
            [no] such file
        """,
        string.Join('\n', StatusLines.Of(Report, Noon, new(false))));

    [Fact]
    public void Shows_routes_with_their_limits_and_what_happened() => Assert.Equal(
        """
        ROUTE  SERVICE  PRIORITY  CONCURRENCY  LIMIT  IN FLIGHT  QUEUED  SHED  BREAKER
        /pay   web      critical  adaptive         6          2       0     0  closed
        /**    web      normal    observe          6          4       3  (17)  open

        web-2 crashed: exited with code 3
            [no] such file
        10.0.0.7:25 ejected: 5 failures in a row
        /**: 18 failures in a row

        2m ago  web: overloaded
        """,
        string.Join('\n', StatusLines.Of(Report with { Edge = Busy }, Noon, new(false)).SkipWhile(line => !line.StartsWith("ROUTE", StringComparison.Ordinal))));

    [Fact]
    public void Shows_hedges_where_there_are_any() => Assert.Equal(
        """
        ROUTE  SERVICE  PRIORITY  CONCURRENCY  LIMIT  IN FLIGHT  QUEUED  SHED  BREAKER  HEDGED (WON)
        /api   web      normal    adaptive         6          2       0     0  closed        41 (35)
        /**    web      normal    off              -          0       0     0  closed              -
        """,
        string.Join('\n', StatusLines.Of(
            Report with
            {
                Services = [],
                Edge = Busy with
                {
                    Routes =
                    [
                        new("/api", "web", "normal", "adaptive", 6, 2, 0, 0, 0, "closed", null, new("p95", 0.018, 41, 35)),
                        new("/**", "web", "normal", "off", null, 0, 0, 0, 0, "closed", null),
                    ],
                    Upstreams = null,
                    Events = null,
                },
            },
            Noon, new(false)).SkipWhile(line => !line.StartsWith("ROUTE", StringComparison.Ordinal))));

    [Fact]
    public void Dresses_states_in_colours_on_a_terminal() =>
        Assert.Contains(StatusLines.Of(Report, Noon, new(true)), line => line.Contains("\e[", StringComparison.Ordinal) && line.Contains("ready", StringComparison.Ordinal));
}
