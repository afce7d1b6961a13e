using Mainstay.Cli.Keeping;

namespace Mainstay.Cli.Tests.Keeping;

public sealed class OwnProgramTests
{
    [Fact]
    public void Its_words_are_a_file_that_exists_and_none_of_the_arguments()
    {
        Assert.InRange(OwnProgram.Words.Count, 1, 2);
        Assert.Equal(Environment.ProcessPath, OwnProgram.Words[0]);
        Assert.All(OwnProgram.Words, word => Assert.True(Path.IsPathFullyQualified(word)));
        Assert.True(File.Exists(OwnProgram.Words[0]));
    }

    [Fact]
    public void A_program_that_dotnet_runs_is_started_by_it_again()
    {
        var isDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        Assert.Equal(isDotnet ? 2 : 1, OwnProgram.Words.Count);
        if (isDotnet)
            Assert.Equal("mainstay.dll", Path.GetFileName(OwnProgram.Words[1]));
    }
}
