using Mainstay.Cli.Installing;

namespace Mainstay.Cli.Tests.Installing;

public sealed class AccountTests
{
    [Fact]
    public void Root_is_known_by_name_and_number()
    {
        Assert.Equal(new("root", 0, "/root"), Account.Named("root"));
        Assert.Equal(Account.Named("root"), Account.Numbered(0));
        Assert.True(Account.Named("root")!.IsRoot);
    }

    [Fact]
    public void Nobody_of_that_name_is_null() => Assert.Null(Account.Named("no-such-user-here"));
}
