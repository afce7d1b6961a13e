using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>
/// An nginx in front of workers, told what the manifest tells Mainstay: 700 ms for a price and what to answer instead. Where its defaults would harm it
/// here, it is told better: 700 ms for everything else too (not 60 s for a worker that stands still), a worker that failed is tried again after 1 s (not
/// 10 s), and prices that fail do not count against the workers' other answers.
/// </summary>
internal sealed class Nginx
{
    private static readonly string[] TemporaryFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private readonly Ground _ground;

    private Nginx(Ground ground, int port) => (_ground, Port) = (ground, port);

    public int Port { get; }

    public ProcessId? Master => PidFile.Read(_ground["nginx.pid"]);

    public static async Task<Nginx> StartAsync(Ground ground, string program, IEnumerable<int> workers, CancellationToken cancel)
    {
        var nginx = new Nginx(ground, Ports.Take());
        var file = ground["nginx.conf"];
        await File.WriteAllTextAsync(file, nginx.Configuration(string.Join(' ', workers.Select(worker => $"server 127.0.0.1:{worker} fail_timeout=1s;"))), cancel);
        var output = Ground.Tail();
        // Not the leader of its group: what is left of it without its master goes on, as it does by itself.
        await ground.LaunchAsync("nginx", ["/bin/sh", "-c", "\"$@\"; while :; do sleep 60; done", "sh", program, "-c", file, "-p", ground.Folder, "-e", ground["nginx.err"]], output, cancel);
        await Answering.AwaitAsync("nginx", nginx.Port, () => output.Lines, ground.Time, cancel);
        return nginx;
    }

    private string Configuration(string servers) => $$"""
        daemon off;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes auto;
        pid {{_ground["nginx.pid"]}};
        error_log {{_ground["nginx.err"]}} crit;
        events { worker_connections 8192; }
        http {
          access_log off;
          {{string.Join(' ', TemporaryFolders.Select(name => $"{name}_temp_path {_ground["nginx-" + name]};"))}}
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_connect_timeout {{StormManifest.PriceTimeout.TotalMilliseconds:0}}ms;
          proxy_read_timeout {{StormManifest.PriceTimeout.TotalMilliseconds:0}}ms;
          upstream app { {{servers}} keepalive 64; }
          upstream prices { {{servers}} keepalive 64; }
          server {
            listen 127.0.0.1:{{Port}} backlog=4096;
            location / { proxy_pass http://app; }
            location = /price { proxy_pass http://prices; error_page 502 503 504 =200 @price; }
            location @price { default_type text/plain; return 200 "on request\n"; }
          }
        }
        """;
}
