using Mainstay.Prove.Experiments.Blocking.Managed;

namespace Mainstay.Prove.Tests.Experiments.Blocking.Managed;

public sealed class MethodNameTests
{
    [Theory]
    [InlineData("System.Threading.Tasks.Task.Wait(int32,value class System.Threading.CancellationToken)", "Task.Wait")]
    [InlineData("Reports.Ask()", "Reports.Ask")]
    [InlineData("Program+<>c.<<Main>$>b__0_2()", "a lambda in Program.Main")]
    [InlineData("Program+<>c__DisplayClass0_0.<<Main>$>b__2()", "a lambda in Program.Main")]
    [InlineData("Shop.Orders.<Place>b__4_0(class System.Object)", "a lambda in Orders.Place")]
    [InlineData("Shop.Orders+<PlaceAsync>d__3.MoveNext()", "Orders.PlaceAsync")]
    [InlineData("Shop.Orders.<Place>g__Add|4_0()", "Add in Orders.Place")]
    [InlineData("Shop.Cache`1[System.__Canon].Get(class System.String)", "Cache.Get")]
    [InlineData("Shop.Outer+Inner.Run()", "Outer.Inner.Run")]
    [InlineData("Shop.Orders..ctor()", "Orders.ctor")]
    [InlineData("dynamicClass.lambda_method3(pMT: 0x7fbb493bc768,class System.Object)", "dynamicClass.lambda_method3")]
    public void Names_are_those_that_people_wrote(string full, string name) => Assert.Equal(name, MethodName.Of(full));
}
