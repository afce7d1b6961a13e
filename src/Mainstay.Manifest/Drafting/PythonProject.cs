using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Mainstay.Manifest.Drafting;

/// <summary>Django, FastAPI and Flask by their files and objects; else a usual file name.</summary>
internal static partial class PythonProject
{
    private static readonly string[] Lists = ["requirements.txt", "pyproject.toml", "Pipfile", "setup.py"];
    private static readonly string[] UsualFiles = ["main.py", "app.py", "server.py", "wsgi.py", "asgi.py", "app/main.py", "app/__init__.py", "src/main.py", "src/app.py"];
    private static readonly string[] Virtual = [".venv/bin/python", "venv/bin/python"];

    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        var lists = Lists.Where(folder.Has).ToArray();
        var files = UsualFiles.Where(folder.Has).ToArray();
        if (lists.Length == 0 && files.Length == 0 && !folder.Has("manage.py"))
            return null;
        var needed = string.Join('\n', lists.Select(folder.Read)).ToLowerInvariant();
        var python = Virtual.FirstOrDefault(folder.Has) ?? "python3";
        var found = Django(folder, needed) ?? Framework(folder, files, needed);
        if (found is { } framework)
            return App(framework.Source, [python, .. framework.Arguments], framework.Note);
        return files.FirstOrDefault(file => !file.EndsWith("__init__.py", StringComparison.Ordinal)) is { } file
            ? App(file, [python, file], "It should listen on the port in the variable PORT; if it takes the port as an argument, write {port}.")
            : new($"{(lists.Length > 0 ? lists[0] : "the folder")} is Python's, but no app was found (looked for manage.py, main.py, app.py and server.py)", []);
    }

    private static DraftedApp App(string source, ImmutableArray<string> command, string? note) => new(source, [new("web", command, note)]);

    private static (string Source, string[] Arguments, string? Note)? Django(ProjectFolder folder, string needed)
    {
        if (!folder.Has("manage.py"))
            return null;
        var package = folder.Folders().FirstOrDefault(below => folder.Has(Path.Combine(below, "wsgi.py")));
        return needed.Contains("gunicorn", StringComparison.Ordinal) && package is not null
            ? ("manage.py (Django)", ["-m", "gunicorn", $"{package}.wsgi", "--bind", "127.0.0.1:{port}"], null)
            : ("manage.py (Django)", ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"], "Django's development server; in production use gunicorn.");
    }

    private static (string Source, string[] Arguments, string? Note)? Framework(ProjectFolder folder, string[] files, string needed)
    {
        foreach (var file in files)
        {
            var match = Application().Match(folder.Read(file) ?? "");
            if (!match.Success)
                continue;
            var module = file[..^".py".Length].Replace("/__init__", "", StringComparison.Ordinal).Replace('/', '.');
            var target = $"{module}:{match.Groups["name"].Value}";
            if (match.Groups["type"].Value != "Flask")
                return ($"{file} (FastAPI)", ["-m", "uvicorn", target, "--host", "127.0.0.1", "--port", "{port}"], null);
            return needed.Contains("gunicorn", StringComparison.Ordinal)
                ? ($"{file} (Flask)", ["-m", "gunicorn", target, "--bind", "127.0.0.1:{port}"], null)
                : ($"{file} (Flask)", ["-m", "flask", "--app", target, "run", "--host", "127.0.0.1", "--port", "{port}"], "Flask's development server; in production use gunicorn.");
        }
        return null;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z_]\w*)\s*(:\s*\w+\s*)?=\s*(\w+\.)?(?<type>FastAPI|Starlette|Flask)\(", RegexOptions.Multiline)]
    private static partial Regex Application();
}
