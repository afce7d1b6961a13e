using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Processes;
using Mainstay.Supervisor.Launching;

namespace Mainstay.Supervisor.Tests.Launching;

public sealed class ProcessTreeTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("mainstay-proc-").FullName;

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Fact]
    public void A_tree_is_the_group_and_its_descendants_without_the_dead()
    {
        File.WriteAllText($"{_proc}/stat", "cpu");
        Canned(100, "npm (run) start)", 'S', parent: 1, group: 100, pss: 10);
        Canned(90, "sh", 'S', parent: 100, group: 100, pss: 20);
        Canned(102, "node", 'R', parent: 101, group: 102, pss: 30);
        Canned(101, "setsid", 'S', parent: 90, group: 101, pss: null);
        Canned(103, "gone", 'Z', parent: 100, group: 100, pss: 1000);
        Canned(200, "other", 'S', parent: 1, group: 200, pss: 40);
        var tree = new ProcProcessTree(_proc);
        Assert.Equal([100, 90, 101, 102], tree.MembersOf(100)!.Order().OrderBy(pid => pid == 100 ? 0 : pid));
        Assert.Equal(100, tree.MembersOf(100)![0]);
        var memory = tree.MemoryOf([100, 200, 300])!;
        Assert.Equal((60 * 1024) + (7 * Environment.SystemPageSize), memory[100]);
        Assert.Equal(40 * 1024, memory[200]);
        Assert.False(memory.ContainsKey(300));
    }

    [Fact]
    public void Reads_listeners_with_their_address_and_process()
    {
        File.WriteAllText($"{_proc}/stat", "cpu");
        Canned(100, "sh", 'S', parent: 1, group: 100, pss: 1);
        Canned(101, "node", 'S', parent: 100, group: 100, pss: 1);
        Canned(102, "worker", 'S', parent: 101, group: 100, pss: 1);
        foreach (var (pid, inode) in new[] { (101, 555), (102, 555), (102, 556), (101, 999) })
            File.CreateSymbolicLink($"{_proc}/{pid}/fd/{inode}", $"socket:[{inode}]");
        Directory.CreateDirectory($"{_proc}/net");
        File.WriteAllText($"{_proc}/net/tcp", """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 555 1 0
               1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0
               2: 0100007F:A000 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 999 1 0
            """);
        File.WriteAllText($"{_proc}/net/tcp6", """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 556 1 0
            """);
        var listeners = new ProcProcessTree(_proc).ListenersOf(100)!;
        Assert.Equal([new(101, IPAddress.Loopback, 8080), new(102, IPAddress.IPv6Any, 8081)], listeners);
        Assert.Equal([false, true], listeners.Select(listener => listener.IsBeyondLoopback));
    }

    [Fact]
    public void Without_a_process_table_everything_is_unknown()
    {
        var tree = new ProcProcessTree(_proc);
        Assert.Null(tree.MembersOf(1));
        Assert.Null(tree.MemoryOf([1]));
        Assert.Null(tree.ListenersOf(1));
    }

    [Fact]
    public void Finds_a_real_listener_and_real_memory()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var group = ProcStat.Read("/proc", Environment.ProcessId)!.Value.Group;
        var tree = new ProcProcessTree();
        Assert.Contains(new TreeListener(Environment.ProcessId, IPAddress.Loopback, port), tree.ListenersOf(group)!);
        Assert.InRange(tree.MemoryOf([group])![group], 10_000_000, 8_000_000_000);
    }

    private void Canned(int pid, string name, char state, int parent, int group, int? pss)
    {
        Directory.CreateDirectory($"{_proc}/{pid}/fd");
        File.WriteAllText($"{_proc}/{pid}/stat", $"{pid} ({name}) {state} {parent} {group} 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0 0\n");
        File.WriteAllText($"{_proc}/{pid}/statm", "100 7 3 1 0 5 0\n");
        if (pss is { } kilobytes)
            File.WriteAllText($"{_proc}/{pid}/smaps_rollup", $"00400000-7fff ---p 00000000 00:00 0    [rollup]\nRss:       9999 kB\nPss:       {kilobytes,8} kB\nPss_Anon:  1 kB\n");
    }
}
