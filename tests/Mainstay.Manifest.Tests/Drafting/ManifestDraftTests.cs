namespace Mainstay.Manifest.Tests.Drafting;

public sealed class ManifestDraftTests : IDisposable
{
    private readonly TestManifest _place = new();

    public ManifestDraftTests() => File.Delete(_place.File);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>", "dotnet App.dll")]
    [InlineData("My App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><AssemblyName>Shop</AssemblyName></PropertyGroup></Project>", "dotnet Shop.dll")]
    [InlineData("server.js", "x", "node server.js")]
    [InlineData("package.json", "{\"scripts\":{\"start\":\"node src/index.js --x 'a b'\"}}", "node src/index.js --x|a b")]
    [InlineData("package.json", "{\"scripts\":{\"start\":\"NODE_ENV=production next start\",\"build\":\"next build\"}}", "npm start")]
    [InlineData("app.py", "from flask import Flask\napp = Flask(__name__)\n", "python3 -m flask --app app:app run --host 127.0.0.1 --port {port}")]
    [InlineData("main.py", "import fastapi\napi: FastAPI = fastapi.FastAPI()\n", "python3 -m uvicorn main:api --host 127.0.0.1 --port {port}")]
    [InlineData("main.py", "print(1)\n", "python3 main.py")]
    [InlineData("manage.py", "#", "python3 manage.py runserver --noreload 127.0.0.1:{port}")]
    [InlineData("Procfile", "web: gunicorn app:app -b 0.0.0.0:$PORT", "gunicorn app:app -b 0.0.0.0:{port}")]
    [InlineData("Procfile", "web: A=\"${B}\" x -p ${PORT:-5000} && y", "sh|-c|A=\"${B}\" x -p ${PORT:-5000} && y")]
    [InlineData("Dockerfile", "FROM a\nCMD nothing\nFROM b\nEXPOSE 80/tcp\nCMD [\"node\", \\\n \"a b.js\"]\n", "node|a b.js")]
    [InlineData("Dockerfile", "FROM b\nENTRYPOINT [\"/bin/app\", \"--x\"]\nCMD [\"--port\", \"true\"]\n", "/bin/app --x --port true")]
    [InlineData("Dockerfile", "FROM b\nCMD node server.js --port $PORT\n", "node server.js --port {port}")]
    [InlineData("Dockerfile", "FROM b\nENTRYPOINT exec java $OPTS -jar app.jar\n", "sh|-c|exec java $OPTS -jar app.jar")]
    public void One_file_is_enough(string file, string text, string command)
    {
        Write(file, text);

        var service = Assert.Single(Draft().Services);

        Assert.Equal("web", service.Name);
        Assert.Equal(command.Contains('|') ? command.Split('|').SelectMany((part, i) => i == 0 && part.Contains(' ') ? part.Split(' ') : [part]) : command.Split(' '), service.Command);
    }

    [Fact]
    public void A_go_module_is_built_into_an_artifact()
    {
        Write("go.mod", "module shop\n");
        Write("cmd/server/main.go", "package main\n");

        var service = Assert.Single(Draft().Services);

        Assert.Equal(["go", "build", "-o", "out/app", "./cmd/server"], service.Deploy.Build);
        Assert.Equal(["./app"], service.Command);
    }

    [Fact]
    public void A_web_project_and_a_worker_below_are_two_services()
    {
        Write("src/Shop/Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>");
        Write("src/Jobs/Jobs.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Worker\"/>");
        Write("src/Core/Core.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"/>");

        var manifest = Draft();

        Assert.Equal(["shop", "jobs"], manifest.Services.Select(service => service.Name));
        Assert.Equal([true, false], manifest.Services.Select(service => service.HasPort));
        Assert.Equal(Path.Combine(_place.Folder, "src", "Shop"), manifest.Services[0].Directory);
    }

    [Fact]
    public void A_procfile_gives_workers_a_release_step_and_routes()
    {
        Write("Procfile", "# comment\nworker: node jobs.js\nadmin: node admin.js $PORT\nrelease: npm run migrate\nweb: node web.js\n");

        var manifest = Draft();

        Assert.Equal(["web", "worker", "admin"], manifest.Services.Select(service => service.Name));
        Assert.Equal(["npm", "run", "migrate"], manifest.Services[0].Deploy.Before);
        Assert.Equal(["/admin/**", "/**"], manifest.Routes.Select(route => route.Path));
    }

    [Theory]
    [InlineData("package.json", "{", "package.json is not valid JSON")]
    [InlineData("package.json", "[]", "package.json is not an object")]
    [InlineData("package.json", "{\"scripts\":[],\"main\":\"none.js\"}", "package.json has no start script, and there is no server.js or index.js")]
    [InlineData("go.mod", "module x", "go.mod has no main package beside it or under cmd/")]
    [InlineData("Lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"/>", "Lib.csproj is neither a web nor a worker project")]
    [InlineData("Lib.csproj", "<Project", "Lib.csproj is neither a web nor a worker project")]
    [InlineData("Dockerfile", "FROM x\n", "Dockerfile has no CMD or ENTRYPOINT")]
    [InlineData("Procfile", "nothing\n", "Procfile has no line such as `web: node server.js`")]
    [InlineData("notes.txt", "x", "nothing known was found (looked for a Procfile, *.csproj, package.json, Python files, go.mod and a Dockerfile); write services: { web: COMMAND }")]
    public void What_is_not_recognised_has_a_reason(string file, string text, string reason)
    {
        Write(file, text);

        var draft = ManifestDraft.For(_place.Folder);

        Assert.Null(draft.Text);
        Assert.Equal(reason, draft.Reason);
    }

    private Model.ManifestSpec Draft()
    {
        var draft = ManifestDraft.For(_place.Folder);
        Assert.True(draft.Text is not null, draft.Reason);
        File.WriteAllText(_place.File, draft.Text);
        var result = _place.Read();
        Assert.Equal("", TestManifest.Lines(result));
        Assert.Contains('#', draft.Text);
        return result.Manifest!;
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_place.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
