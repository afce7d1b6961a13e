using System.Text;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Tests.Faults.Proxy.Http;

public sealed class RequestScannerTests
{
    [Theory]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "GET /a, GET /b")]
    [InlineData("\r\nGET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.0\n\nGET /c HTTP/1.1\r\n\r\n", "GET /a, GET /b, GET /c")]
    [InlineData("POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET /x\r\n\nGET /b HTTP/1.1\r\n\r\n", "POST /a, GET /b")]
    [InlineData("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;e=1\r\nGET /\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "POST /a, GET /b")]
    [InlineData("GET /a HTTP/1.1\r\nUpgrade: websocket\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "GET /a")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "CONNECT a:1")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "")]
    [InlineData("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nGET /b HTTP/1.1\r\n\r\n", "POST /a")]
    public void Finds_the_requests_however_the_bytes_are_cut(string text, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var cut = 1; cut <= bytes.Length; cut++)
        {
            var scanner = new RequestScanner();
            var found = new List<string>();
            foreach (var piece in bytes.Chunk(cut))
            {
                for (var at = 0; at < piece.Length;)
                {
                    var (count, _) = scanner.Scan(piece.AsSpan(at), out var request);
                    Assert.True(count > 0);
                    at += count;
                    if (request is not null)
                        found.Add($"{request.Method} {request.Target}");
                }
            }
            Assert.Equal(expected, string.Join(", ", found));
        }
    }
}
