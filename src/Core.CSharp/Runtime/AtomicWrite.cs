namespace CausalDebiasing.Runtime;

/// <summary>Writing of files that are either whole or absent, whatever interrupts it and whoever else writes the same one.</summary>
internal static class AtomicWrite
{
    /// <summary>Lets <paramref name="write"/> fill a neighbour of the path with a name of its own and renames it.</summary>
    /// <param name="path">File to write, in a folder that exists; an earlier one is replaced.</param>
    /// <param name="write">Gets the path of the neighbour, which does not exist yet.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; nothing is left behind.</exception>
    internal static void To(string path, Action<string> write)
    {
        var whole = Path.GetFullPath(path);
        var neighbour = $".{Path.GetFileName(whole)}.{Path.GetRandomFileName()}.tmp";
        var temporary = Path.Combine(Path.GetDirectoryName(whole) ?? "", neighbour);
        try
        {
            write(temporary);
            File.Move(temporary, whole, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
