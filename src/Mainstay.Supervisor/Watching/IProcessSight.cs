namespace Mainstay.Supervisor.Watching;
internal enum ListenerOwner { Unknown, Nobody, Replica, Stranger }
internal readonly record struct ListenerSight(ListenerOwner Owner, int? Pid = null, bool BeyondLoopback = false);
internal interface IProcessSight
{
    ListenerSight FindListener(int group, int port);
    long? MemoryOf(int group);
}
internal interface IPortSource { int Take(); void Return(int port); }
