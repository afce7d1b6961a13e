using Mainstay.Prove.Faults.Requests.Malformed;

namespace Mainstay.Prove.Tests.Faults.Requests.Malformed;

public sealed class MalformedCorpusTests
{
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
            var text = System.Text.Encoding.Latin1.GetString(request.Bytes("127.0.0.1", 80, "/canary"));
            Assert.DoesNotContain("{", text.Replace("G(E)T", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.NotEqual("GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", text);
        });
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
