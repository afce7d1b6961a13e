using System.Text.RegularExpressions;

namespace Mainstay.Prove.Experiments.Blocking.Managed;

/// <summary>From what the .NET runtime calls a method to what people wrote: compilers make names of their own for lambdas and state machines. Pure.</summary>
internal static partial class MethodName
{
    /// <summary>"Program+&lt;&gt;c.&lt;Serve&gt;b__0_2(class System.String)" is "a lambda in Program.Serve".</summary>
    public static string Of(string full)
    {
        var name = Generic().Replace(full.Split('(', 2)[0], "");
        // Constructors are called `.ctor`.
        var dot = name.EndsWith(".ctor", StringComparison.Ordinal) || name.EndsWith(".cctor", StringComparison.Ordinal)
            ? name.LastIndexOf('.', Math.Max(0, name.LastIndexOf('.') - 1))
            : name.LastIndexOf('.');
        var (type, method) = dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
        var nested = type[(type.LastIndexOf('.') + 1)..].Split('+');
        var owner = string.Join('.', nested.Where(part => !part.StartsWith('<')).Select(part => part.Split('`')[0]));
        // The state machine of an async method is a type of its own.
        if (method == "MoveNext" && nested[^1].StartsWith('<'))
            method = nested[^1];
        if (Lambda().Match(method) is { Success: true } lambda)
            return $"a lambda in {Joined(owner, lambda.Groups[1].Value)}";
        if (Local().Match(method) is { Success: true } local)
            return $"{local.Groups[2].Value} in {Joined(owner, local.Groups[1].Value)}";
        return Joined(owner, Machine().Match(method) is { Success: true } machine ? machine.Groups[1].Value : method.TrimStart('.'));
    }

    /// <summary>Statements without a method around them are in one called `&lt;Main&gt;$`.</summary>
    private static string Joined(string owner, string method)
    {
        var name = method.Trim('<', '>', '$');
        return owner.Length == 0 ? name : $"{owner}.{name}";
    }

    [GeneratedRegex(@"\[.*\]")]
    private static partial Regex Generic();

    [GeneratedRegex("^<+(.+?)>\\$?>?b__")]
    private static partial Regex Lambda();

    [GeneratedRegex("^<+(.+?)>\\$?>?g__([^|]+)\\|")]
    private static partial Regex Local();

    [GeneratedRegex("^<+(.+?)>\\$?>?d(?:__[0-9]+)?$")]
    private static partial Regex Machine();
}
