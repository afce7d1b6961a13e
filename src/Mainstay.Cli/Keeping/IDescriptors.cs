using System.Runtime.InteropServices;

namespace Mainstay.Cli.Keeping;

/// <summary>Open descriptors that are kept beyond this process, each under a key.</summary>
internal interface IDescriptors
{
    /// <summary>A number that is the caller's from here on; null: none is kept under that key.</summary>
    int? Take(string key);

    void Hold(string key, SafeHandle descriptor);

    void Release(string key);
}
