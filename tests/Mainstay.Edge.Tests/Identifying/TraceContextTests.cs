using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Identifying;

namespace Mainstay.Edge.Tests.Identifying;

public sealed class TraceContextTests
{
    private const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Good, true)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more", false)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false)]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("", false)]
    public void A_valid_parent_is_told_from_an_invalid_one(string value, bool valid) =>
        Assert.Equal(valid, TraceContext.IsValid(Encoding.ASCII.GetBytes(value)));

    [Fact]
    public void A_valid_parent_is_passed_on_with_its_state()
    {
        var headers = new HeaderBlock();
        headers.Add(HeaderId.TraceParent, Good);
        headers.Add(HeaderId.TraceState, "vendor=1");
        TraceContext.Continue(headers, 1);
        Assert.Equal(Good, headers.Text(HeaderId.TraceParent));
        Assert.Equal("vendor=1", headers.Text(HeaderId.TraceState));
    }

    [Fact]
    public void Without_a_valid_parent_a_trace_begins_here_and_the_state_is_dropped()
    {
        var headers = new HeaderBlock();
        headers.Add(HeaderId.TraceParent, "nonsense");
        headers.Add(HeaderId.TraceState, "vendor=1");
        TraceContext.Continue(headers, UInt128.Parse("0af7651916cd43dd8448eb211c80319c", System.Globalization.NumberStyles.HexNumber));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", headers.Text(HeaderId.TraceParent), StringComparison.Ordinal);
        Assert.True(TraceContext.IsValid(headers.ValueAt(headers.IndexOf(HeaderId.TraceParent))));
        Assert.False(headers.Has(HeaderId.TraceState));
    }

    [Fact]
    public void Two_parents_are_none()
    {
        var headers = new HeaderBlock();
        headers.Add(HeaderId.TraceParent, Good);
        headers.Add(HeaderId.TraceParent, Good);
        TraceContext.Continue(headers, 1);
        Assert.NotEqual(Good, headers.Text(HeaderId.TraceParent));
        Assert.Equal(-1, headers.IndexOf(HeaderId.TraceParent, headers.IndexOf(HeaderId.TraceParent) + 1));
    }
}
