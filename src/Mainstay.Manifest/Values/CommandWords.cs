using System.Collections.Immutable;
using System.Text;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Values;

/// <summary>
/// Splits a command as a shell splits words — blanks, quotes, backslashes — and nothing else. Whatever would need a shell is explained.
/// What a variable of the manifest put in stays inside its word, unless the whole command is one.
/// </summary>
internal sealed class CommandWords
{
    private static readonly string[] Operators = ["&&", "||", "|", "&", ";", ">", "<", "(", ")", "`", "$("];

    private readonly string _text;
    private readonly bool[] _isLiteral;
    private readonly List<string> _words = [];
    private readonly List<string> _problems = [];
    private readonly StringBuilder _word = new();
    private bool _inWord;
    private bool _mayAssign = true;
    private int _at;

    private CommandWords(ScalarNode scalar)
    {
        _text = scalar.Text;
        _isLiteral = new bool[_text.Length];
        if (scalar.Inserted is [var only] && only.Equals(0.._text.Length))
            return;
        foreach (var range in scalar.Inserted)
            _isLiteral.AsSpan(range).Fill(true);
    }

    /// <param name="scalar">The command as one text.</param>
    /// <param name="problems">What keeps it from being run without a shell, each with its remedy.</param>
    public static ImmutableArray<string> Split(ScalarNode scalar, out IReadOnlyList<string> problems)
    {
        var words = new CommandWords(scalar);
        problems = words._problems;
        if (words.FindOperator() is { } needsShell)
            words._problems.Add($"{needsShell} needs a shell: write {ForShell(scalar.Written)}");
        else
            words.Run();
        return [.. words._words];
    }

    /// <summary>The same command as a list that a shell runs.</summary>
    public static string ForShell(string text) =>
        $"[sh, -c, \"{Shown.Text(text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), 200)}\"]";

    private string? FindOperator()
    {
        for (var (at, quote) = (0, default(char)); at < _text.Length; at++)
        {
            var c = _text[at];
            if (_isLiteral[at])
                continue;
            if (quote == '\'')
                quote = c == '\'' ? default : quote;
            else if (c == '\\')
                at++;
            else if (c == '"')
                quote = quote == '"' ? default : '"';
            else if (c == '\'' && quote == default)
                quote = c;
            else if (c == '\n' && quote == default && _text[..at].Trim().Length > 0 && _text[at..].Trim().Length > 0)
                return "a command of several lines";
            else if (Array.Find(Operators, o => _text.AsSpan(at).StartsWith(o, StringComparison.Ordinal)) is { } found && (quote == default || found is "`" or "$("))
                return found == "`" ? "a backtick" : $"`{found}`";
        }
        return null;
    }

    private void Run()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (_isLiteral[_at])
                Take();
            else if (char.IsWhiteSpace(c))
                EndWord();
            else if (c is '\'' or '"')
                Quoted(c);
            else if (c == '\\' && _at + 1 < _text.Length)
                Escaped();
            else if (c == '$' && IsReference())
                Reference();
            else if (c == '~' && !_inWord && (_at + 1 == _text.Length || _text[_at + 1] is '/' or ' '))
                Complain("`~` is not expanded: write the full path, or ${HOME}");
            else
                Take();
        }
        EndWord();
        if (_words.Count > 0)
            CheckProgram(_words[0]);
        else if (_problems.Count == 0)
            _problems.Add("is empty; write the program to run and its arguments");
    }

    private void Quoted(char quote)
    {
        _inWord = true;
        for (_at++; _at < _text.Length && (_text[_at] != quote || _isLiteral[_at]);)
        {
            if (_isLiteral[_at] || quote == '\'')
                Take();
            else if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '"' or '\\' or '$' or '`')
                Escaped();
            else if (_text[_at] == '$' && IsReference())
                Reference();
            else
                Take();
        }
        if (_at == _text.Length)
            _problems.Add($"a quote ({quote}) is not closed");
        _at++;
    }

    private void Take()
    {
        _inWord = true;
        _word.Append(_text[_at++]);
    }

    private void Escaped()
    {
        _at++;
        Take();
    }

    private void Complain(string problem)
    {
        _problems.Add(problem);
        Take();
    }

    private bool IsReference() => _at + 1 < _text.Length && (char.IsAsciiLetter(_text[_at + 1]) || _text[_at + 1] == '_');

    private void Reference()
    {
        var length = _text.AsSpan(_at + 1).ToString().TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_').Count();
        var name = _text.Substring(_at + 1, length);
        Complain(name == "PORT" ? "`$PORT` is not expanded: write {port}" : $"`${name}` is not expanded: write ${{{name}}} for Mainstay's own variable, or {"[sh, -c, \"…\"]"} for the replica's");
    }

    private void EndWord()
    {
        _at++;
        if (!_inWord)
            return;
        var word = _word.ToString();
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (_mayAssign && equals > 0 && Names.IsVariable(word[..equals]))
            _problems.Add($"`{Shown.Text(word)}` in front of a command: put it under `environment:` as {word[..equals]}: \"{Shown.Text(word[(equals + 1)..])}\"");
        else
            _mayAssign = false;
        if (!_mayAssign)
            _words.Add(word);
        _word.Clear();
        _inWord = false;
    }

    private void CheckProgram(string program)
    {
        var remedy = program switch
        {
            "cd" => "write the folder under `directory:`",
            "export" or "set" => "put variables under `environment:`",
            "exec" => "leave it out: the command is run directly",
            "source" or "." => "put variables under `environment:` or `env_file:`",
            "" => "write the program's name",
            _ => null,
        };
        if (remedy is not null)
            _problems.Add(program.Length == 0 ? $"the program is empty: {remedy}" : $"`{program}` is part of a shell, not a program: {remedy}");
    }
}
