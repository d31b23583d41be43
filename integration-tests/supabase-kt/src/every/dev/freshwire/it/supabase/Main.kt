package dev.freshwire.it.supabase

import java.util.concurrent.ConcurrentHashMap
import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private val projects = ConcurrentHashMap<String, Project>()

/**
 * An application on supabase-kt that knows nothing of the agent. Reads a command a line, runs commands side by side,
 * and answers each with a line that has the same `seq`, and `result` or `failure`. The end of the input ends it.
 */
fun main() {
    val answers = System.out
    // Whatever a library prints must not get between the answers.
    System.setOut(System.err)
    val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    for (line in System.`in`.bufferedReader().lineSequence()) {
        scope.launch {
            val command = Json.parseToJsonElement(line).jsonObject
            val outcome = try {
                "result" to run(command)
            } catch (e: Throwable) {
                "failure" to JsonPrimitive(generateSequence(e) { it.cause }.joinToString(", caused by "))
            }
            val answer = JsonObject(mapOf("seq" to command.getValue("seq"), outcome)).toString()
            synchronized(answers) {
                answers.println(answer)
                answers.flush()
            }
        }
    }
    exitProcess(0)
}

private suspend fun run(command: JsonObject): JsonElement {
    val name = command.text("project")
    return when (val what = command.text("do")) {
        "open" -> {
            projects[name] = Project(command)
            JsonNull
        }
        "close" -> {
            projects.remove(name)?.close()
            JsonNull
        }
        else -> projects.getValue(name).perform(what, command)
    }
}

internal fun JsonObject.text(key: String): String = getValue(key).jsonPrimitive.content

internal fun JsonObject.textOrNull(key: String): String? = get(key)?.jsonPrimitive?.content
