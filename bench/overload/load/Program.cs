// The load of bench/overload, in a process of its own.
//   capacity PORT PATH CLIENTS SECONDS             closed loop; prints good answers per second
//   open PORT SECONDS NAME,PATH,RATE,FROM,TO …     open loop, even arrivals; prints every request as CSV: name,due,took,lag,result,Retry-After (seconds)
using System.Globalization;
using Mainstay.Testing.Load;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var port = int.Parse(args[1]);
if (args[0] == "capacity")
{
    Console.WriteLine(await ClosedLoad.CapacityAsync(port, args[2], int.Parse(args[3]), TimeSpan.FromSeconds(double.Parse(args[4]))));
    return;
}
var streams = args[3..].Select(text => text.Split(',')).Select(part =>
{
    var (rate, from, to) = (double.Parse(part[2]), double.Parse(part[3]), double.Parse(part[4]));
    return new LoadStream(part[0], part[1], rate) { Rate = at => at >= from && at < to ? rate : 0 };
}).ToArray();
var report = await OpenLoad.RunAsync(port, TimeSpan.FromSeconds(double.Parse(args[2])), seed: 1, streams);
await using var output = new StreamWriter(Console.OpenStandardOutput());
foreach (var s in report.Samples)
    output.WriteLine($"{streams[s.Stream].Name},{s.At:0.0000},{s.Took:0.00000},{s.Lag:0.00000},{s.Result},{(s.RetryAfter ? 1 : 0)}");
