// node parse-kql.cjs FILE... : parses and binds Kusto queries by Microsoft's own parser against the tables of tables.json.
// Prints what it finds as JSON, each diagnostic also as a line on stderr; ends with 1 when there is any.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

// What a workbook puts in before it asks.
const workbookParameters = { '{TimeRange:grain}': '5m' };

const { Kusto } = loadParser();
const globals = Kusto.Language.GlobalState.Default.WithDatabase(workspace());
const results = process.argv.slice(2).map(check);
process.stdout.write(JSON.stringify(results));
process.exitCode = results.some(result => result.diagnostics.length > 0) ? 1 : 0;

function loadParser() {
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    vm.runInThisContext(fs.readFileSync(path.join(folder, file), 'utf8'), { filename: file });
  return globalThis;
}

function workspace() {
  const { common, tables } = JSON.parse(fs.readFileSync(path.join(__dirname, 'tables.json'), 'utf8'));
  const symbols = Object.entries(tables).map(([name, own]) => {
    const columns = Object.entries({ ...common, ...own }).map(([column, type]) => `${column}: ${type}`);
    return Kusto.Language.Symbols.TableSymbol.From(`(${columns.join(', ')})`).WithName(name);
  });
  return new Kusto.Language.Symbols.DatabaseSymbol.$ctor1('workspace', symbols);
}

function check(file) {
  let text = fs.readFileSync(file, 'utf8');
  for (const [parameter, value] of Object.entries(workbookParameters))
    text = text.replaceAll(parameter, value);

  const code = Kusto.Language.KustoCode.ParseAndAnalyze(text, globals);
  const diagnostics = listOf(code.GetDiagnostics()).map(diagnostic => ({
    line: text.slice(0, diagnostic.Start).split('\n').length,
    severity: diagnostic.Severity,
    message: diagnostic.Message,
  }));
  for (const { line, severity, message } of diagnostics)
    console.error(`${file}:${line}: ${severity}: ${message}`);

  const columns = listOf(code.ResultType?.Columns).map(column => ({ name: column.Name, type: column.Type.Name }));
  return { file, columns, diagnostics };
}

function listOf(items) {
  return items ? Array.from({ length: items.Count }, (_, index) => items.getItem(index)) : [];
}
