using System.Collections.Immutable;

namespace Mainstay.Prove.Recording;

/// <summary>Something that was done or seen, with its evidence.</summary>
/// <param name="At">Microseconds since the history's start.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Subject">The replica, service, dependency or process.</param>
/// <param name="Text">One line for a person: what exactly ("SIGKILL to web-1, pid 4711").</param>
/// <param name="Numbers">What can be counted with it: pids, bytes, milliseconds, codes.</param>
internal sealed record Happening(long At, string Kind, string Subject, string Text, ImmutableSortedDictionary<string, double> Numbers)
{
    public static Happening Of(long at, string kind, string subject, string text, params (string Name, double Value)[] numbers) =>
        new(at, kind, subject, text, numbers.ToImmutableSortedDictionary(number => number.Name, number => number.Value));

    public static class Kinds
    {
        // What was done.
        public const string FaultOn = "fault-on";
        public const string FaultOff = "fault-off";
        public const string Killed = "killed";
        public const string Frozen = "frozen";
        public const string Thawed = "thawed";
        public const string Asked = "asked";                            // an operation of Mainstay: restart, deploy, upgrade

        // What was seen of the fault.
        public const string Bit = "bit";                                // the fault did what it is there for; numbers say how much

        // What was seen of the application.
        public const string ReplicaReady = "replica-ready";
        public const string ReplicaDied = "replica-died";               // not asked to: number code or signal
        public const string ReplicaGivenUp = "replica-given-up";        // ended by Mainstay: not alive, or far over its memory
        public const string ReplicaStopped = "replica-stopped";         // asked to: numbers code or signal, seconds
        public const string StopFailed = "stop-failed";                 // SIGKILL after the grace, or an exit status of its own
        public const string ReplicaEjected = "replica-ejected";
        public const string ReplicaAdmitted = "replica-admitted";
        public const string ReplicaReplaced = "replica-replaced";       // by Mainstay's own decision, make before break
        public const string LastReplicaEjected = "last-replica-ejected";
        public const string FullStrength = "full-strength";             // all replicas wanted are ready
        public const string Restarted = "restarted";                    // a replica was started again; number restarts
        public const string OperationDone = "operation-done";           // what was asked went through
        public const string OperationHalted = "operation-halted";       // it failed and was rolled back, Text says why
        public const string ReasonShown = "reason-shown";               // status or the answer of a command names the cause
        public const string BackedOff = "backed-off";                   // pauses between restarts grow
        public const string ReplicasUntouched = "replicas-untouched";   // same pids as before
        public const string ReplicasChanged = "replicas-changed";

        // What was seen of Mainstay.
        public const string Accepting = "accepting";                    // a connection was made and answered
        public const string CoreStarted = "core-started";

        // Counted at a dependency or by a probe of the application's state.
        public const string DependencyCalls = "dependency-calls";       // numbers requests (of clients), calls (seen), replayed
        public const string WriteKept = "write-kept";                   // acknowledged before the fault, readable after it
        public const string WriteLost = "write-lost";
        public const string WriteUnclear = "write-unclear";             // Text: why it cannot be told
        public const string ReadStale = "read-stale";                   // acknowledged by one replica, not readable at another
        public const string ReadFresh = "read-fresh";
        public const string NearLimit = "near-limit";                   // a replica was near its memory limit without any fault
        public const string Blocked = "blocked";                        // a replica did nothing for anybody: numbers seconds, ran_seconds
        public const string Watched = "watched";                        // it was watched for that: number beats
        public const string CodeNamed = "code-named";                   // Text: the function that blocked; numbers blocks, seconds (all), longest
        public const string CodeNotNamed = "code-not-named";            // Text: what is known of it instead
        public const string Smuggled = "smuggled";                      // an upstream saw what it must not
        public const string BadInput = "bad-input";                     // malformed requests: numbers wrong (0 or 1) with status (0: closed), or sent
        public const string SlowClient = "slow-client";                 // one of them: numbers closed (0 or 1), seconds; many: clients, those still open, seconds
        public const string Newcomers = "newcomers";                    // clients that connected meanwhile: numbers came, turned_away

        // What limits what can be said.
        public const string Capacity = "capacity";                      // number per_second, as measured
        public const string Undone = "undone";                          // the fault is gone again, seen
        public const string Unsteady = "unsteady";                      // the latencies were not steady when it began
        public const string Trouble = "trouble";                        // the experiment itself failed at something: makes it inconclusive
    }
}
