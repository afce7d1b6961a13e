using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace Policies;

/// <summary>The figures as they stand in the documentation.</summary>
internal static class ResultTable
{
    public static string Of(Summary summary)
    {
        var text = new StringBuilder("| per request | ns | ± | allocated, B |\n|---|---:|---:|---:|\n");
        foreach (var report in summary.Reports)
        {
            var figures = report.ResultStatistics ?? throw new InvalidOperationException($"{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo} was not measured.");
            var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            text.Append(CultureInfo.InvariantCulture, $"| {report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')} | {figures.Mean:0} | {figures.StandardDeviation:0.0} | {bytes} |\n");
        }
        return text.ToString();
    }
}
