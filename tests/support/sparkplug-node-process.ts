import { SparkplugNode, type SparkplugNodeOptions } from './sparkplug-node.ts';

// An edge node in a separate process that can be killed: its options are the only argument. It ends with the test.
const node = await SparkplugNode.connect(JSON.parse(process.argv[2] ?? '{}') as SparkplugNodeOptions);
process.stdin.resume();
process.stdin.on('end', () => process.exit());
process.stdout.write(`${JSON.stringify({ event: 'ready', births: node.births })}\n`);
