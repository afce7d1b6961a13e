using Mainstay.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Composition;

/// <summary>What the parts log, as lines of the terminal: our own parts from Information on, the frameworks' only when something is wrong.</summary>
internal sealed class TerminalLogs(QueuedTerminal terminal) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        new TerminalLogger(terminal, categoryName.StartsWith("Mainstay", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Error);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Mainstay has one place for its log: the terminal");

    public void Dispose()
    {
        // Nothing is held: the terminal belongs to whoever made it.
    }

    private sealed class TerminalLogger(QueuedTerminal terminal, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = formatter(state, exception).ReplaceLineEndings(" ");
            if (exception is not null)
                text += $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})";
            if (logLevel >= LogLevel.Warning)
                terminal.Error($"{terminal.ErrorStyle.Bold("mainstay |")} {(logLevel == LogLevel.Warning ? terminal.ErrorStyle.Warn(text) : terminal.ErrorStyle.Bad(text))}");
            else
                terminal.Out($"{terminal.OutStyle.Bold("mainstay |")} {text}");
        }
    }
}
