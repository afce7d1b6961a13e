using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Prove.Tests.Storms.Counting;

public sealed class OrderCountTests
{
    [Fact]
    public void An_order_that_was_carried_out_twice_or_more_counts_once_as_such() => Assert.Equal(
        new OrderCount(Orders: 3, Twice: 1),
        OrderCount.Of(["000000000001", "000000000002", "000000000001", "000000000003", "000000000001"]));

    [Fact]
    public void A_line_that_a_killed_worker_did_not_finish_is_no_order() =>
        Assert.Equal(new OrderCount(Orders: 1, Twice: 0), OrderCount.Of(["000000000012", "0000000", ""]));

    [Fact]
    public void Workers_have_files_of_their_own()
    {
        var folder = Directory.CreateTempSubdirectory("mainstay-orders-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "1"), "000000000001\n000000000002\n");
            File.WriteAllText(Path.Combine(folder, "2"), "000000000002\n0000");
            Assert.Equal(new OrderCount(Orders: 2, Twice: 1), OrderCount.OfFolder(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
