using Mainstay.Prove.Faults.Requests.Malformed;

namespace Mainstay.Prove.Tests.Faults.Requests.Malformed;

public sealed class MalformedCorpusTests
{
    private static readonly MalformedAims Root = new(new("GET", "/", "127.0.0.1:80"), new("POST", "/", "127.0.0.1:80"));

    private static readonly MalformedAims Shop = new(new("GET", "/api/orders?page=1", "shop.example"), new("PUT", "/api/orders/7", "api.example"));

    [Fact]
    public void It_is_large_and_every_case_is_another_one()
    {
        var all = MalformedCorpus.All;
        Assert.True(all.Length >= 150, $"{all.Length} cases");
        Assert.Equal(all.Length, all.Select(request => request.Name).Distinct().Count());
        Assert.Equal(all.Length, all.Select(request => request.Text).Distinct().Count());
        Assert.True(all.Count(request => request.Text.Contains("{CANARY}", StringComparison.Ordinal)) >= 40);
    }

    [Fact]
    public void No_case_is_an_ordinary_request_and_every_place_is_filled_in()
    {
        Assert.All(MalformedCorpus.All, request =>
        {
            var text = System.Text.Encoding.Latin1.GetString(request.Bytes(Root, "/canary"));
            Assert.DoesNotContain("{", text, StringComparison.Ordinal);
            Assert.NotEqual("GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", text);
        });
    }

    [Theory]
    [InlineData("framing/two-lengths", "PUT /api/orders/7 HTTP/1.1\r\nHost: api.example\r\nContent-Length: 5\r\n")]
    [InlineData("chunks/size-no-number", "PUT /api/orders/7 HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("fields/no-colon", "GET /api/orders?page=1 HTTP/1.1\r\nHost: shop.example\r\nX\r\n")]
    [InlineData("lines/two-targets", "GET /api/orders?page=1 /x HTTP/1.1\r\nHost: shop.example\r\n")]
    [InlineData("targets/percent-alone", "GET /api/orders/% HTTP/1.1\r\nHost: shop.example\r\n")]
    [InlineData("targets/asterisk-with-get", "GET * HTTP/1.1\r\nHost: shop.example\r\n")]
    [InlineData("fields/host-empty", "GET /api/orders?page=1 HTTP/1.1\r\nHost:\r\n")]
    [InlineData("fields/no-host", "GET /api/orders?page=1 HTTP/1.1\r\n\r\n")]
    public void Each_is_wrong_in_one_way_and_otherwise_like_a_request_that_the_application_takes(string name, string begins) => Assert.StartsWith(
        begins, System.Text.Encoding.Latin1.GetString(MalformedCorpus.All.Single(request => request.Name == name).Bytes(Shop, "/canary")), StringComparison.Ordinal);

    [Fact]
    public void Only_what_is_wrong_about_target_method_or_host_goes_elsewhere()
    {
        var elsewhere = MalformedCorpus.All.Where(request => !System.Text.Encoding.Latin1.GetString(request.Bytes(Shop, "/canary")).Contains("/api/orders", StringComparison.Ordinal));
        Assert.All(elsewhere, request => Assert.True(
            request.Name.StartsWith("targets/", StringComparison.Ordinal) || request.Name.StartsWith("protocols/", StringComparison.Ordinal)
            || request.Name is "lines/no-target" or "lines/no-http-at-all" or "lines/high-bytes" or "lines/only-nuls", request.Name));
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(400, false, true)]
    [InlineData(431, false, true)]
    [InlineData(501, false, true)]
    [InlineData(505, false, true)]
    [InlineData(500, true, false)]
    [InlineData(502, true, false)]
    [InlineData(503, true, false)]
    [InlineData(200, false, false)]
    [InlineData(200, true, true)]
    [InlineData(301, false, false)]
    public void Only_a_refusal_will_do_unless_the_specification_is_lenient(int status, bool lenient, bool accepted) =>
        Assert.Equal(accepted, new MalformedRequest("x", "x", MayBeServed: lenient).Accepts(status));
}
