using System.Collections.Immutable;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>Names the code that a stack blames: the innermost call that is no part of the runtime, and who of the application asked for it. Pure.</summary>
internal static class CodePlace
{
    /// <param name="stack">The innermost call first.</param>
    /// <param name="directory">The application's: paths below it are shortened.</param>
    /// <returns>"pbkdf2Sync, called by GET /report (app.js:6)"; null: nothing but the runtime is on the stack.</returns>
    public static string? Of(ImmutableArray<StackFrame> stack, string directory)
    {
        var outer = stack.FirstOrDefault(frame => !IsRuntime(frame));
        if (outer is null)
            return null;
        var own = stack.FirstOrDefault(frame => !IsRuntime(frame) && !IsLibrary(frame));
        var caller = own is null || ReferenceEquals(own, outer) ? null : $", called by {Text(own, directory)}";
        // What the runtime was asked to do is the last of its own calls below the application's.
        var asked = stack.TakeWhile(IsRuntime).LastOrDefault(frame => frame.Function.Length > 0);
        return asked is null ? $"{Text(outer, directory)}{caller}" : $"{asked.Function}, called by {Text(outer, directory)}{caller}";
    }

    private static bool IsRuntime(StackFrame frame) => frame.File.Length == 0 || frame.File.StartsWith("node:", StringComparison.Ordinal);

    /// <summary>An assembly without symbols is somebody else's, where others have them.</summary>
    private static bool IsLibrary(StackFrame frame) => frame.File.Contains("/node_modules/", StringComparison.Ordinal) || IsAssembly(frame.File);

    private static bool IsAssembly(string file) => file.EndsWith(".dll", StringComparison.Ordinal);

    private static string Text(StackFrame frame, string directory)
    {
        var function = frame.Function.Length == 0 ? "a function without a name" : frame.Function;
        return frame.Line > 0 ? $"{function} ({Short(frame.File, directory)}:{frame.Line})" : $"{function} ({Short(frame.File, directory)})";
    }

    private static string Short(string file, string directory)
    {
        var path = Uri.TryCreate(file, UriKind.Absolute, out var url) && url.IsFile ? url.LocalPath : file;
        var root = directory.TrimEnd('/') + '/';
        if (IsAssembly(path))
            return Path.GetFileName(path);
        return path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path;
    }
}
