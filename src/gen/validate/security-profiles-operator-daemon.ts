// Generated from schemas/crd/security-profiles-operator-daemon.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { SecurityProfilesOperatorDaemon } from '../crd/security-profiles-operator-daemon.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

const schema31 = {"type":"object","required":["apiVersion","kind","metadata"],"properties":{"apiVersion":{"type":"string","enum":["security-profiles-operator.x-k8s.io/v1alpha1"]},"kind":{"type":"string","enum":["SecurityProfilesOperatorDaemon"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":253},"generateName":{"type":"string","maxLength":253},"namespace":{"type":"string","maxLength":63},"labels":{"type":"object","additionalProperties":{"type":"string"}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true},"spec":{"type":"object","properties":{"verbosity":{"minimum":0,"maximum":10,"type":"integer"},"enableProfiling":{"type":"boolean"},"enableMemoryOptimization":{"type":"boolean"},"enableSelinux":{"type":"boolean"},"selinuxTypeTag":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[A-Za-z0-9_.-]+$"},"selinuxOptions":{"type":"object","properties":{"allowedSystemProfiles":{"type":"array","maxItems":256,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[A-Za-z0-9_.-]+$"}}},"additionalProperties":false},"enableLogEnricher":{"type":"boolean"},"enableBpfRecorder":{"type":"boolean"},"enableAppArmor":{"type":"boolean"},"tolerations":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/toleration"}},"affinity":{"$ref":"#/$defs/affinity"},"priorityClassName":{"type":"string","maxLength":253},"imagePullSecrets":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/local-object-reference"}},"daemonResourceRequirements":{"$ref":"#/$defs/resource-requirements"},"hostProcVolumePath":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/proc(/([^/.\\x00]|\\.[^/.\\x00]|\\.\\.[^/\\x00])[^/\\x00]*)*$"},"staticWebhookConfig":{"type":"boolean"},"webhookOptions":{"type":"array","maxItems":16,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253},"failurePolicy":{"type":"string","enum":["Ignore","Fail"]},"namespaceSelector":{"$ref":"#/$defs/label-selector"},"objectSelector":{"$ref":"#/$defs/label-selector"}},"additionalProperties":false}},"allowedSyscalls":{"type":"array","maxItems":1000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[^\\x00-\\x20\\x7f]+$"}},"allowedSeccompActions":{"type":"array","maxItems":16,"uniqueItems":true,"items":{"type":"string","enum":["SCMP_ACT_KILL","SCMP_ACT_KILL_PROCESS","SCMP_ACT_KILL_THREAD","SCMP_ACT_TRAP","SCMP_ACT_ERRNO","SCMP_ACT_TRACE","SCMP_ACT_ALLOW","SCMP_ACT_LOG","SCMP_ACT_NOTIFY"]}},"disableOciArtifactSignatureVerification":{"type":"boolean"}},"additionalProperties":false},"status":{"type":"object","properties":{"state":{"type":"string","enum":["PENDING","CREATING","UPDATING","RUNNING","ERROR"]},"observedGeneration":{"type":"integer","minimum":0},"conditions":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/condition"}}},"additionalProperties":false}},"additionalProperties":false,"$defs":{"toleration":{"type":"object","properties":{"key":{"type":"string","maxLength":317},"operator":{"type":"string","enum":["Exists","Equal","Lt","Gt"]},"value":{"type":"string","maxLength":63},"effect":{"type":"string","enum":["","NoSchedule","PreferNoSchedule","NoExecute"]},"tolerationSeconds":{"type":"integer"}},"additionalProperties":false},"node-selector-requirement":{"type":"object","required":["key","operator"],"properties":{"key":{"type":"string","minLength":1,"maxLength":317},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist","Gt","Lt"]},"values":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":253}}},"additionalProperties":false},"node-selector-term":{"type":"object","properties":{"matchExpressions":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/node-selector-requirement"}},"matchFields":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/node-selector-requirement"}}},"additionalProperties":false},"label-selector":{"type":"object","properties":{"matchLabels":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":63}},"matchExpressions":{"type":"array","maxItems":64,"items":{"type":"object","required":["key","operator"],"properties":{"key":{"type":"string","minLength":1,"maxLength":317},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist"]},"values":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":63}}},"additionalProperties":false}}},"additionalProperties":false},"pod-affinity-term":{"type":"object","required":["topologyKey"],"properties":{"labelSelector":{"$ref":"#/$defs/label-selector"},"namespaceSelector":{"$ref":"#/$defs/label-selector"},"namespaces":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":63}},"topologyKey":{"type":"string","minLength":1,"maxLength":317},"matchLabelKeys":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":317}},"mismatchLabelKeys":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":317}}},"additionalProperties":false},"weighted-pod-affinity-term":{"type":"object","required":["podAffinityTerm","weight"],"properties":{"weight":{"minimum":1,"maximum":100,"type":"integer"},"podAffinityTerm":{"$ref":"#/$defs/pod-affinity-term"}},"additionalProperties":false},"pod-affinity":{"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/pod-affinity-term"}},"preferredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/weighted-pod-affinity-term"}}},"additionalProperties":false},"affinity":{"type":"object","properties":{"nodeAffinity":{"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"type":"object","required":["nodeSelectorTerms"],"properties":{"nodeSelectorTerms":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/node-selector-term"}}},"additionalProperties":false},"preferredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"type":"object","required":["preference","weight"],"properties":{"weight":{"minimum":1,"maximum":100,"type":"integer"},"preference":{"$ref":"#/$defs/node-selector-term"}},"additionalProperties":false}}},"additionalProperties":false},"podAffinity":{"$ref":"#/$defs/pod-affinity"},"podAntiAffinity":{"$ref":"#/$defs/pod-affinity"}},"additionalProperties":false},"local-object-reference":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253}},"additionalProperties":false},"resource-requirements":{"type":"object","properties":{"requests":{"type":"object","maxProperties":64,"additionalProperties":{"int-or-string":{"minimum":-9007199254740991,"pattern":"^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}}},"limits":{"type":"object","maxProperties":64,"additionalProperties":{"int-or-string":{"minimum":-9007199254740991,"pattern":"^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}}}},"additionalProperties":false},"condition":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false}}};
const schema32 = {"type":"object","properties":{"key":{"type":"string","maxLength":317},"operator":{"type":"string","enum":["Exists","Equal","Lt","Gt"]},"value":{"type":"string","maxLength":63},"effect":{"type":"string","enum":["","NoSchedule","PreferNoSchedule","NoExecute"]},"tolerationSeconds":{"type":"integer"}},"additionalProperties":false};
const schema42 = {"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253}},"additionalProperties":false};
const schema43 = {"type":"object","properties":{"requests":{"type":"object","maxProperties":64,"additionalProperties":{"int-or-string":{"minimum":-9007199254740991,"pattern":"^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}}},"limits":{"type":"object","maxProperties":64,"additionalProperties":{"int-or-string":{"minimum":-9007199254740991,"pattern":"^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}}}},"additionalProperties":false};
const schema39 = {"type":"object","properties":{"matchLabels":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":63}},"matchExpressions":{"type":"array","maxItems":64,"items":{"type":"object","required":["key","operator"],"properties":{"key":{"type":"string","minLength":1,"maxLength":317},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist"]},"values":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":63}}},"additionalProperties":false}}},"additionalProperties":false};
const schema46 = {"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false};
const func1 = countCharacters;
const func4 = Object.prototype.hasOwnProperty;
const func33 = isIntOrString;
const pattern4 = new RegExp("^[A-Za-z0-9_.-]+$", "u");
const pattern6 = new RegExp("^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$", "u");
const pattern7 = new RegExp("^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$", "u");
const pattern8 = new RegExp("^/proc(/([^/.\\x00]|\\.[^/.\\x00]|\\.\\.[^/\\x00])[^/\\x00]*)*$", "u");
const pattern9 = new RegExp("^[^\\x00-\\x20\\x7f]+$", "u");
const pattern10 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", "u");
const pattern11 = new RegExp("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "u");
const schema33 = {"type":"object","properties":{"nodeAffinity":{"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"type":"object","required":["nodeSelectorTerms"],"properties":{"nodeSelectorTerms":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/node-selector-term"}}},"additionalProperties":false},"preferredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"type":"object","required":["preference","weight"],"properties":{"weight":{"minimum":1,"maximum":100,"type":"integer"},"preference":{"$ref":"#/$defs/node-selector-term"}},"additionalProperties":false}}},"additionalProperties":false},"podAffinity":{"$ref":"#/$defs/pod-affinity"},"podAntiAffinity":{"$ref":"#/$defs/pod-affinity"}},"additionalProperties":false};
const schema34 = {"type":"object","properties":{"matchExpressions":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/node-selector-requirement"}},"matchFields":{"type":"array","maxItems":64,"items":{"$ref":"#/$defs/node-selector-requirement"}}},"additionalProperties":false};
const schema35 = {"type":"object","required":["key","operator"],"properties":{"key":{"type":"string","minLength":1,"maxLength":317},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist","Gt","Lt"]},"values":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":253}}},"additionalProperties":false};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "matchExpressions") || (key0 === "matchFields"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.matchExpressions !== undefined){
let data0 = data.matchExpressions;
if(Array.isArray(data0)){
if(data0.length > 64){
const err1 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.key === undefined){
const err2 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/$defs/node-selector-requirement/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data1.operator === undefined){
const err3 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/$defs/node-selector-requirement/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key1 in data1){
if(!(((key1 === "key") || (key1 === "operator")) || (key1 === "values"))){
const err4 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/$defs/node-selector-requirement/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data1.key !== undefined){
let data2 = data1.key;
if(typeof data2 === "string"){
if(func1(data2) > 317){
const err5 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(func1(data2) < 1){
const err6 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data1.operator !== undefined){
let data3 = data1.operator;
if(typeof data3 !== "string"){
const err8 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/$defs/node-selector-requirement/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!((((((data3 === "In") || (data3 === "NotIn")) || (data3 === "Exists")) || (data3 === "DoesNotExist")) || (data3 === "Gt")) || (data3 === "Lt"))){
const err9 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/$defs/node-selector-requirement/properties/operator/enum",keyword:"enum",params:{allowedValues: schema35.properties.operator.enum}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data1.values !== undefined){
let data4 = data1.values;
if(Array.isArray(data4)){
if(data4.length > 256){
const err10 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/$defs/node-selector-requirement/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
if(typeof data5 === "string"){
if(func1(data5) > 253){
const err11 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/$defs/node-selector-requirement/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/$defs/node-selector-requirement/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/$defs/node-selector-requirement/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/$defs/node-selector-requirement/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.matchFields !== undefined){
let data6 = data.matchFields;
if(Array.isArray(data6)){
if(data6.length > 64){
const err16 = {instancePath:instancePath+"/matchFields",schemaPath:"#/properties/matchFields/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
const len2 = data6.length;
for(let i2=0; i2<len2; i2++){
let data7 = data6[i2];
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.key === undefined){
const err17 = {instancePath:instancePath+"/matchFields/" + i2,schemaPath:"#/$defs/node-selector-requirement/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data7.operator === undefined){
const err18 = {instancePath:instancePath+"/matchFields/" + i2,schemaPath:"#/$defs/node-selector-requirement/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
for(const key2 in data7){
if(!(((key2 === "key") || (key2 === "operator")) || (key2 === "values"))){
const err19 = {instancePath:instancePath+"/matchFields/" + i2,schemaPath:"#/$defs/node-selector-requirement/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data7.key !== undefined){
let data8 = data7.key;
if(typeof data8 === "string"){
if(func1(data8) > 317){
const err20 = {instancePath:instancePath+"/matchFields/" + i2+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(func1(data8) < 1){
const err21 = {instancePath:instancePath+"/matchFields/" + i2+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/matchFields/" + i2+"/key",schemaPath:"#/$defs/node-selector-requirement/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data7.operator !== undefined){
let data9 = data7.operator;
if(typeof data9 !== "string"){
const err23 = {instancePath:instancePath+"/matchFields/" + i2+"/operator",schemaPath:"#/$defs/node-selector-requirement/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(!((((((data9 === "In") || (data9 === "NotIn")) || (data9 === "Exists")) || (data9 === "DoesNotExist")) || (data9 === "Gt")) || (data9 === "Lt"))){
const err24 = {instancePath:instancePath+"/matchFields/" + i2+"/operator",schemaPath:"#/$defs/node-selector-requirement/properties/operator/enum",keyword:"enum",params:{allowedValues: schema35.properties.operator.enum}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data7.values !== undefined){
let data10 = data7.values;
if(Array.isArray(data10)){
if(data10.length > 256){
const err25 = {instancePath:instancePath+"/matchFields/" + i2+"/values",schemaPath:"#/$defs/node-selector-requirement/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
const len3 = data10.length;
for(let i3=0; i3<len3; i3++){
let data11 = data10[i3];
if(typeof data11 === "string"){
if(func1(data11) > 253){
const err26 = {instancePath:instancePath+"/matchFields/" + i2+"/values/" + i3,schemaPath:"#/$defs/node-selector-requirement/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/matchFields/" + i2+"/values/" + i3,schemaPath:"#/$defs/node-selector-requirement/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath:instancePath+"/matchFields/" + i2+"/values",schemaPath:"#/$defs/node-selector-requirement/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/matchFields/" + i2,schemaPath:"#/$defs/node-selector-requirement/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/matchFields",schemaPath:"#/properties/matchFields/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema37 = {"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/pod-affinity-term"}},"preferredDuringSchedulingIgnoredDuringExecution":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/weighted-pod-affinity-term"}}},"additionalProperties":false};
const schema38 = {"type":"object","required":["topologyKey"],"properties":{"labelSelector":{"$ref":"#/$defs/label-selector"},"namespaceSelector":{"$ref":"#/$defs/label-selector"},"namespaces":{"type":"array","maxItems":256,"items":{"type":"string","maxLength":63}},"topologyKey":{"type":"string","minLength":1,"maxLength":317},"matchLabelKeys":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":317}},"mismatchLabelKeys":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":317}}},"additionalProperties":false};

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate26.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.topologyKey === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "topologyKey"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((key0 === "labelSelector") || (key0 === "namespaceSelector")) || (key0 === "namespaces")) || (key0 === "topologyKey")) || (key0 === "matchLabelKeys")) || (key0 === "mismatchLabelKeys"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.labelSelector !== undefined){
let data0 = data.labelSelector;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!((key1 === "matchLabels") || (key1 === "matchExpressions"))){
const err2 = {instancePath:instancePath+"/labelSelector",schemaPath:"#/$defs/label-selector/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data0.matchLabels !== undefined){
let data1 = data0.matchLabels;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(Object.keys(data1).length > 64){
const err3 = {instancePath:instancePath+"/labelSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key2 in data1){
let data2 = data1[key2];
if(typeof data2 === "string"){
if(func1(data2) > 63){
const err4 = {instancePath:instancePath+"/labelSelector/matchLabels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/labelSelector/matchLabels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/labelSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data0.matchExpressions !== undefined){
let data3 = data0.matchExpressions;
if(Array.isArray(data3)){
if(data3.length > 64){
const err7 = {instancePath:instancePath+"/labelSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.key === undefined){
const err8 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data4.operator === undefined){
const err9 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
for(const key3 in data4){
if(!(((key3 === "key") || (key3 === "operator")) || (key3 === "values"))){
const err10 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data4.key !== undefined){
let data5 = data4.key;
if(typeof data5 === "string"){
if(func1(data5) > 317){
const err11 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func1(data5) < 1){
const err12 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data4.operator !== undefined){
let data6 = data4.operator;
if(typeof data6 !== "string"){
const err14 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!((((data6 === "In") || (data6 === "NotIn")) || (data6 === "Exists")) || (data6 === "DoesNotExist"))){
const err15 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema39.properties.matchExpressions.items.properties.operator.enum}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data4.values !== undefined){
let data7 = data4.values;
if(Array.isArray(data7)){
if(data7.length > 256){
const err16 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
let data8 = data7[i1];
if(typeof data8 === "string"){
if(func1(data8) > 63){
const err17 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/labelSelector/matchExpressions/" + i0,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/labelSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/labelSelector",schemaPath:"#/$defs/label-selector/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.namespaceSelector !== undefined){
let data9 = data.namespaceSelector;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key4 in data9){
if(!((key4 === "matchLabels") || (key4 === "matchExpressions"))){
const err23 = {instancePath:instancePath+"/namespaceSelector",schemaPath:"#/$defs/label-selector/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data9.matchLabels !== undefined){
let data10 = data9.matchLabels;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(Object.keys(data10).length > 64){
const err24 = {instancePath:instancePath+"/namespaceSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
for(const key5 in data10){
let data11 = data10[key5];
if(typeof data11 === "string"){
if(func1(data11) > 63){
const err25 = {instancePath:instancePath+"/namespaceSelector/matchLabels/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/namespaceSelector/matchLabels/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath:instancePath+"/namespaceSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data9.matchExpressions !== undefined){
let data12 = data9.matchExpressions;
if(Array.isArray(data12)){
if(data12.length > 64){
const err28 = {instancePath:instancePath+"/namespaceSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.key === undefined){
const err29 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data13.operator === undefined){
const err30 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
for(const key6 in data13){
if(!(((key6 === "key") || (key6 === "operator")) || (key6 === "values"))){
const err31 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13.key !== undefined){
let data14 = data13.key;
if(typeof data14 === "string"){
if(func1(data14) > 317){
const err32 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(func1(data14) < 1){
const err33 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data13.operator !== undefined){
let data15 = data13.operator;
if(typeof data15 !== "string"){
const err35 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(!((((data15 === "In") || (data15 === "NotIn")) || (data15 === "Exists")) || (data15 === "DoesNotExist"))){
const err36 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema39.properties.matchExpressions.items.properties.operator.enum}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data13.values !== undefined){
let data16 = data13.values;
if(Array.isArray(data16)){
if(data16.length > 256){
const err37 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len3 = data16.length;
for(let i3=0; i3<len3; i3++){
let data17 = data16[i3];
if(typeof data17 === "string"){
if(func1(data17) > 63){
const err38 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/values/" + i3,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/values/" + i3,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
else {
const err40 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
else {
const err41 = {instancePath:instancePath+"/namespaceSelector/matchExpressions/" + i2,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/namespaceSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/namespaceSelector",schemaPath:"#/$defs/label-selector/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data.namespaces !== undefined){
let data18 = data.namespaces;
if(Array.isArray(data18)){
if(data18.length > 256){
const err44 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
const len4 = data18.length;
for(let i4=0; i4<len4; i4++){
let data19 = data18[i4];
if(typeof data19 === "string"){
if(func1(data19) > 63){
const err45 = {instancePath:instancePath+"/namespaces/" + i4,schemaPath:"#/properties/namespaces/items/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/namespaces/" + i4,schemaPath:"#/properties/namespaces/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
else {
const err47 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data.topologyKey !== undefined){
let data20 = data.topologyKey;
if(typeof data20 === "string"){
if(func1(data20) > 317){
const err48 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(func1(data20) < 1){
const err49 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.matchLabelKeys !== undefined){
let data21 = data.matchLabelKeys;
if(Array.isArray(data21)){
if(data21.length > 64){
const err51 = {instancePath:instancePath+"/matchLabelKeys",schemaPath:"#/properties/matchLabelKeys/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
const len5 = data21.length;
for(let i5=0; i5<len5; i5++){
let data22 = data21[i5];
if(typeof data22 === "string"){
if(func1(data22) > 317){
const err52 = {instancePath:instancePath+"/matchLabelKeys/" + i5,schemaPath:"#/properties/matchLabelKeys/items/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/matchLabelKeys/" + i5,schemaPath:"#/properties/matchLabelKeys/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/matchLabelKeys",schemaPath:"#/properties/matchLabelKeys/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data.mismatchLabelKeys !== undefined){
let data23 = data.mismatchLabelKeys;
if(Array.isArray(data23)){
if(data23.length > 64){
const err55 = {instancePath:instancePath+"/mismatchLabelKeys",schemaPath:"#/properties/mismatchLabelKeys/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
const len6 = data23.length;
for(let i6=0; i6<len6; i6++){
let data24 = data23[i6];
if(typeof data24 === "string"){
if(func1(data24) > 317){
const err56 = {instancePath:instancePath+"/mismatchLabelKeys/" + i6,schemaPath:"#/properties/mismatchLabelKeys/items/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/mismatchLabelKeys/" + i6,schemaPath:"#/properties/mismatchLabelKeys/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/mismatchLabelKeys",schemaPath:"#/properties/mismatchLabelKeys/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
}
else {
const err59 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
validate26.errors = vErrors;
return errors === 0;
}
validate26.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema41 = {"type":"object","required":["podAffinityTerm","weight"],"properties":{"weight":{"minimum":1,"maximum":100,"type":"integer"},"podAffinityTerm":{"$ref":"#/$defs/pod-affinity-term"}},"additionalProperties":false};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate28.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.podAffinityTerm === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "podAffinityTerm"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.weight === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "weight"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "weight") || (key0 === "podAffinityTerm"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.weight !== undefined){
let data0 = data.weight;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err3 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 100 || isNaN(data0)){
const err4 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data0 < 1 || isNaN(data0)){
const err5 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.podAffinityTerm !== undefined){
if(!(validate26(data.podAffinityTerm, {instancePath:instancePath+"/podAffinityTerm",parentData:data,parentDataProperty:"podAffinityTerm",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
}
else {
const err6 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
validate28.errors = vErrors;
return errors === 0;
}
validate28.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate25.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "requiredDuringSchedulingIgnoredDuringExecution") || (key0 === "preferredDuringSchedulingIgnoredDuringExecution"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data0 = data.requiredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data0)){
if(data0.length > 32){
const err1 = {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/requiredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate26(data0[i0], {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/requiredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data2 = data.preferredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data2)){
if(data2.length > 32){
const err3 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!(validate28(data2[i1], {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1,parentData:data2,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
else {
const err4 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}
validate25.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "nodeAffinity") || (key0 === "podAffinity")) || (key0 === "podAntiAffinity"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.nodeAffinity !== undefined){
let data0 = data.nodeAffinity;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!((key1 === "requiredDuringSchedulingIgnoredDuringExecution") || (key1 === "preferredDuringSchedulingIgnoredDuringExecution"))){
const err1 = {instancePath:instancePath+"/nodeAffinity",schemaPath:"#/properties/nodeAffinity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data0.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data1 = data0.requiredDuringSchedulingIgnoredDuringExecution;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.nodeSelectorTerms === undefined){
const err2 = {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/required",keyword:"required",params:{missingProperty: "nodeSelectorTerms"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key2 in data1){
if(!(key2 === "nodeSelectorTerms")){
const err3 = {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data1.nodeSelectorTerms !== undefined){
let data2 = data1.nodeSelectorTerms;
if(Array.isArray(data2)){
if(data2.length > 32){
const err4 = {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",schemaPath:"#/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate22(data2[i0], {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err5 = {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",schemaPath:"#/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data0.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data4 = data0.preferredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data4)){
if(data4.length > 32){
const err7 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.preference === undefined){
const err8 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "preference"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data5.weight === undefined){
const err9 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "weight"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
for(const key3 in data5){
if(!((key3 === "weight") || (key3 === "preference"))){
const err10 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data5.weight !== undefined){
let data6 = data5.weight;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err11 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 100 || isNaN(data6)){
const err12 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data6 < 1 || isNaN(data6)){
const err13 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
if(data5.preference !== undefined){
if(!(validate22(data5.preference, {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/preference",parentData:data5,parentDataProperty:"preference",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err14 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/nodeAffinity",schemaPath:"#/properties/nodeAffinity/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.podAffinity !== undefined){
if(!(validate25(data.podAffinity, {instancePath:instancePath+"/podAffinity",parentData:data,parentDataProperty:"podAffinity",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data.podAntiAffinity !== undefined){
if(!(validate25(data.podAntiAffinity, {instancePath:instancePath+"/podAntiAffinity",parentData:data,parentDataProperty:"podAntiAffinity",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
}
else {
const err17 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err4 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!(data0 === "security-profiles-operator.x-k8s.io/v1alpha1")){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err6 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!(data1 === "SecurityProfilesOperatorDaemon")){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err8 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 253){
const err9 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data2.generateName !== undefined){
let data4 = data2.generateName;
if(typeof data4 === "string"){
if(func1(data4) > 253){
const err11 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data5 = data2.namespace;
if(typeof data5 === "string"){
if(func1(data5) > 63){
const err13 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data2.labels !== undefined){
let data6 = data2.labels;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
const err15 = {instancePath:instancePath+"/metadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data8 = data2.annotations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(typeof data8[key2] !== "string"){
const err17 = {instancePath:instancePath+"/metadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.spec !== undefined){
let data10 = data.spec;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key3 in data10){
if(!(func4.call(schema31.properties.spec.properties, key3))){
const err20 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data10.verbosity !== undefined){
let data11 = data10.verbosity;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
const err21 = {instancePath:instancePath+"/spec/verbosity",schemaPath:"#/properties/spec/properties/verbosity/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 10 || isNaN(data11)){
const err22 = {instancePath:instancePath+"/spec/verbosity",schemaPath:"#/properties/spec/properties/verbosity/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data11 < 0 || isNaN(data11)){
const err23 = {instancePath:instancePath+"/spec/verbosity",schemaPath:"#/properties/spec/properties/verbosity/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
if(data10.enableProfiling !== undefined){
if(typeof data10.enableProfiling !== "boolean"){
const err24 = {instancePath:instancePath+"/spec/enableProfiling",schemaPath:"#/properties/spec/properties/enableProfiling/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data10.enableMemoryOptimization !== undefined){
if(typeof data10.enableMemoryOptimization !== "boolean"){
const err25 = {instancePath:instancePath+"/spec/enableMemoryOptimization",schemaPath:"#/properties/spec/properties/enableMemoryOptimization/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data10.enableSelinux !== undefined){
if(typeof data10.enableSelinux !== "boolean"){
const err26 = {instancePath:instancePath+"/spec/enableSelinux",schemaPath:"#/properties/spec/properties/enableSelinux/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data10.selinuxTypeTag !== undefined){
let data15 = data10.selinuxTypeTag;
if(typeof data15 === "string"){
if(func1(data15) > 256){
const err27 = {instancePath:instancePath+"/spec/selinuxTypeTag",schemaPath:"#/properties/spec/properties/selinuxTypeTag/maxLength",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(func1(data15) < 1){
const err28 = {instancePath:instancePath+"/spec/selinuxTypeTag",schemaPath:"#/properties/spec/properties/selinuxTypeTag/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(!pattern4.test(data15)){
const err29 = {instancePath:instancePath+"/spec/selinuxTypeTag",schemaPath:"#/properties/spec/properties/selinuxTypeTag/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+$"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/spec/selinuxTypeTag",schemaPath:"#/properties/spec/properties/selinuxTypeTag/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data10.selinuxOptions !== undefined){
let data16 = data10.selinuxOptions;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key4 in data16){
if(!(key4 === "allowedSystemProfiles")){
const err31 = {instancePath:instancePath+"/spec/selinuxOptions",schemaPath:"#/properties/spec/properties/selinuxOptions/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data16.allowedSystemProfiles !== undefined){
let data17 = data16.allowedSystemProfiles;
if(Array.isArray(data17)){
if(data17.length > 256){
const err32 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles",schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
const len0 = data17.length;
for(let i0=0; i0<len0; i0++){
let data18 = data17[i0];
if(typeof data18 === "string"){
if(func1(data18) > 253){
const err33 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles/" + i0,schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/items/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(func1(data18) < 1){
const err34 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles/" + i0,schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(!pattern4.test(data18)){
const err35 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles/" + i0,schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+$"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles/" + i0,schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
let i1 = data17.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data17[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err37 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles",schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err38 = {instancePath:instancePath+"/spec/selinuxOptions/allowedSystemProfiles",schemaPath:"#/properties/spec/properties/selinuxOptions/properties/allowedSystemProfiles/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/spec/selinuxOptions",schemaPath:"#/properties/spec/properties/selinuxOptions/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data10.enableLogEnricher !== undefined){
if(typeof data10.enableLogEnricher !== "boolean"){
const err40 = {instancePath:instancePath+"/spec/enableLogEnricher",schemaPath:"#/properties/spec/properties/enableLogEnricher/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data10.enableBpfRecorder !== undefined){
if(typeof data10.enableBpfRecorder !== "boolean"){
const err41 = {instancePath:instancePath+"/spec/enableBpfRecorder",schemaPath:"#/properties/spec/properties/enableBpfRecorder/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data10.enableAppArmor !== undefined){
if(typeof data10.enableAppArmor !== "boolean"){
const err42 = {instancePath:instancePath+"/spec/enableAppArmor",schemaPath:"#/properties/spec/properties/enableAppArmor/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data10.tolerations !== undefined){
let data22 = data10.tolerations;
if(Array.isArray(data22)){
if(data22.length > 64){
const err43 = {instancePath:instancePath+"/spec/tolerations",schemaPath:"#/properties/spec/properties/tolerations/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
const len1 = data22.length;
for(let i2=0; i2<len1; i2++){
let data23 = data22[i2];
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key5 in data23){
if(!(((((key5 === "key") || (key5 === "operator")) || (key5 === "value")) || (key5 === "effect")) || (key5 === "tolerationSeconds"))){
const err44 = {instancePath:instancePath+"/spec/tolerations/" + i2,schemaPath:"#/$defs/toleration/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data23.key !== undefined){
let data24 = data23.key;
if(typeof data24 === "string"){
if(func1(data24) > 317){
const err45 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/key",schemaPath:"#/$defs/toleration/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/key",schemaPath:"#/$defs/toleration/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data23.operator !== undefined){
let data25 = data23.operator;
if(typeof data25 !== "string"){
const err47 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/operator",schemaPath:"#/$defs/toleration/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(!((((data25 === "Exists") || (data25 === "Equal")) || (data25 === "Lt")) || (data25 === "Gt"))){
const err48 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/operator",schemaPath:"#/$defs/toleration/properties/operator/enum",keyword:"enum",params:{allowedValues: schema32.properties.operator.enum}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data23.value !== undefined){
let data26 = data23.value;
if(typeof data26 === "string"){
if(func1(data26) > 63){
const err49 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/value",schemaPath:"#/$defs/toleration/properties/value/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/value",schemaPath:"#/$defs/toleration/properties/value/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data23.effect !== undefined){
let data27 = data23.effect;
if(typeof data27 !== "string"){
const err51 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/effect",schemaPath:"#/$defs/toleration/properties/effect/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(!((((data27 === "") || (data27 === "NoSchedule")) || (data27 === "PreferNoSchedule")) || (data27 === "NoExecute"))){
const err52 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/effect",schemaPath:"#/$defs/toleration/properties/effect/enum",keyword:"enum",params:{allowedValues: schema32.properties.effect.enum}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data23.tolerationSeconds !== undefined){
let data28 = data23.tolerationSeconds;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err53 = {instancePath:instancePath+"/spec/tolerations/" + i2+"/tolerationSeconds",schemaPath:"#/$defs/toleration/properties/tolerationSeconds/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/spec/tolerations/" + i2,schemaPath:"#/$defs/toleration/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
else {
const err55 = {instancePath:instancePath+"/spec/tolerations",schemaPath:"#/properties/spec/properties/tolerations/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data10.affinity !== undefined){
if(!(validate21(data10.affinity, {instancePath:instancePath+"/spec/affinity",parentData:data10,parentDataProperty:"affinity",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
if(data10.priorityClassName !== undefined){
let data30 = data10.priorityClassName;
if(typeof data30 === "string"){
if(func1(data30) > 253){
const err56 = {instancePath:instancePath+"/spec/priorityClassName",schemaPath:"#/properties/spec/properties/priorityClassName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/spec/priorityClassName",schemaPath:"#/properties/spec/properties/priorityClassName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data10.imagePullSecrets !== undefined){
let data31 = data10.imagePullSecrets;
if(Array.isArray(data31)){
if(data31.length > 64){
const err58 = {instancePath:instancePath+"/spec/imagePullSecrets",schemaPath:"#/properties/spec/properties/imagePullSecrets/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
const len2 = data31.length;
for(let i3=0; i3<len2; i3++){
let data32 = data31[i3];
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.name === undefined){
const err59 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3,schemaPath:"#/$defs/local-object-reference/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
for(const key6 in data32){
if(!(key6 === "name")){
const err60 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3,schemaPath:"#/$defs/local-object-reference/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data32.name !== undefined){
let data33 = data32.name;
if(typeof data33 === "string"){
if(func1(data33) > 253){
const err61 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3+"/name",schemaPath:"#/$defs/local-object-reference/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(func1(data33) < 1){
const err62 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3+"/name",schemaPath:"#/$defs/local-object-reference/properties/name/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3+"/name",schemaPath:"#/$defs/local-object-reference/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i3,schemaPath:"#/$defs/local-object-reference/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/spec/imagePullSecrets",schemaPath:"#/properties/spec/properties/imagePullSecrets/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data10.daemonResourceRequirements !== undefined){
let data34 = data10.daemonResourceRequirements;
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
for(const key7 in data34){
if(!((key7 === "requests") || (key7 === "limits"))){
const err66 = {instancePath:instancePath+"/spec/daemonResourceRequirements",schemaPath:"#/$defs/resource-requirements/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data34.requests !== undefined){
let data35 = data34.requests;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(Object.keys(data35).length > 64){
const err67 = {instancePath:instancePath+"/spec/daemonResourceRequirements/requests",schemaPath:"#/$defs/resource-requirements/properties/requests/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
for(const key8 in data35){
if(!func33(data35[key8], -9007199254740991, pattern6)){
const err68 = {instancePath:instancePath+"/spec/daemonResourceRequirements/requests/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/resource-requirements/properties/requests/additionalProperties/int-or-string",keyword:"int-or-string",params:{pattern: "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
else {
const err69 = {instancePath:instancePath+"/spec/daemonResourceRequirements/requests",schemaPath:"#/$defs/resource-requirements/properties/requests/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data34.limits !== undefined){
let data37 = data34.limits;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
if(Object.keys(data37).length > 64){
const err70 = {instancePath:instancePath+"/spec/daemonResourceRequirements/limits",schemaPath:"#/$defs/resource-requirements/properties/limits/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
for(const key9 in data37){
if(!func33(data37[key9], -9007199254740991, pattern7)){
const err71 = {instancePath:instancePath+"/spec/daemonResourceRequirements/limits/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/resource-requirements/properties/limits/additionalProperties/int-or-string",keyword:"int-or-string",params:{pattern: "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
else {
const err72 = {instancePath:instancePath+"/spec/daemonResourceRequirements/limits",schemaPath:"#/$defs/resource-requirements/properties/limits/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/spec/daemonResourceRequirements",schemaPath:"#/$defs/resource-requirements/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data10.hostProcVolumePath !== undefined){
let data39 = data10.hostProcVolumePath;
if(typeof data39 === "string"){
if(func1(data39) > 4096){
const err74 = {instancePath:instancePath+"/spec/hostProcVolumePath",schemaPath:"#/properties/spec/properties/hostProcVolumePath/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(func1(data39) < 1){
const err75 = {instancePath:instancePath+"/spec/hostProcVolumePath",schemaPath:"#/properties/spec/properties/hostProcVolumePath/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(!pattern8.test(data39)){
const err76 = {instancePath:instancePath+"/spec/hostProcVolumePath",schemaPath:"#/properties/spec/properties/hostProcVolumePath/pattern",keyword:"pattern",params:{pattern: "^/proc(/([^/.\\x00]|\\.[^/.\\x00]|\\.\\.[^/\\x00])[^/\\x00]*)*$"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/spec/hostProcVolumePath",schemaPath:"#/properties/spec/properties/hostProcVolumePath/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data10.staticWebhookConfig !== undefined){
if(typeof data10.staticWebhookConfig !== "boolean"){
const err78 = {instancePath:instancePath+"/spec/staticWebhookConfig",schemaPath:"#/properties/spec/properties/staticWebhookConfig/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data10.webhookOptions !== undefined){
let data41 = data10.webhookOptions;
if(Array.isArray(data41)){
if(data41.length > 16){
const err79 = {instancePath:instancePath+"/spec/webhookOptions",schemaPath:"#/properties/spec/properties/webhookOptions/maxItems",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
const len3 = data41.length;
for(let i4=0; i4<len3; i4++){
let data42 = data41[i4];
if(data42 && typeof data42 == "object" && !Array.isArray(data42)){
if(data42.name === undefined){
const err80 = {instancePath:instancePath+"/spec/webhookOptions/" + i4,schemaPath:"#/properties/spec/properties/webhookOptions/items/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
for(const key10 in data42){
if(!((((key10 === "name") || (key10 === "failurePolicy")) || (key10 === "namespaceSelector")) || (key10 === "objectSelector"))){
const err81 = {instancePath:instancePath+"/spec/webhookOptions/" + i4,schemaPath:"#/properties/spec/properties/webhookOptions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data42.name !== undefined){
let data43 = data42.name;
if(typeof data43 === "string"){
if(func1(data43) > 253){
const err82 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/name",schemaPath:"#/properties/spec/properties/webhookOptions/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if(func1(data43) < 1){
const err83 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/name",schemaPath:"#/properties/spec/properties/webhookOptions/items/properties/name/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/name",schemaPath:"#/properties/spec/properties/webhookOptions/items/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data42.failurePolicy !== undefined){
let data44 = data42.failurePolicy;
if(typeof data44 !== "string"){
const err85 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/failurePolicy",schemaPath:"#/properties/spec/properties/webhookOptions/items/properties/failurePolicy/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(!((data44 === "Ignore") || (data44 === "Fail"))){
const err86 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/failurePolicy",schemaPath:"#/properties/spec/properties/webhookOptions/items/properties/failurePolicy/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.webhookOptions.items.properties.failurePolicy.enum}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data42.namespaceSelector !== undefined){
let data45 = data42.namespaceSelector;
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
for(const key11 in data45){
if(!((key11 === "matchLabels") || (key11 === "matchExpressions"))){
const err87 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector",schemaPath:"#/$defs/label-selector/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data45.matchLabels !== undefined){
let data46 = data45.matchLabels;
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
if(Object.keys(data46).length > 64){
const err88 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
for(const key12 in data46){
let data47 = data46[key12];
if(typeof data47 === "string"){
if(func1(data47) > 63){
const err89 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchLabels/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchLabels/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
else {
const err91 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data45.matchExpressions !== undefined){
let data48 = data45.matchExpressions;
if(Array.isArray(data48)){
if(data48.length > 64){
const err92 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
const len4 = data48.length;
for(let i5=0; i5<len4; i5++){
let data49 = data48[i5];
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
if(data49.key === undefined){
const err93 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(data49.operator === undefined){
const err94 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
for(const key13 in data49){
if(!(((key13 === "key") || (key13 === "operator")) || (key13 === "values"))){
const err95 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data49.key !== undefined){
let data50 = data49.key;
if(typeof data50 === "string"){
if(func1(data50) > 317){
const err96 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(func1(data50) < 1){
const err97 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
else {
const err98 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data49.operator !== undefined){
let data51 = data49.operator;
if(typeof data51 !== "string"){
const err99 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(!((((data51 === "In") || (data51 === "NotIn")) || (data51 === "Exists")) || (data51 === "DoesNotExist"))){
const err100 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema39.properties.matchExpressions.items.properties.operator.enum}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
if(data49.values !== undefined){
let data52 = data49.values;
if(Array.isArray(data52)){
if(data52.length > 256){
const err101 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
const len5 = data52.length;
for(let i6=0; i6<len5; i6++){
let data53 = data52[i6];
if(typeof data53 === "string"){
if(func1(data53) > 63){
const err102 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/values/" + i6,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
else {
const err103 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/values/" + i6,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
}
else {
const err105 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions/" + i5,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
else {
const err106 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
}
else {
const err107 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/namespaceSelector",schemaPath:"#/$defs/label-selector/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data42.objectSelector !== undefined){
let data54 = data42.objectSelector;
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
for(const key14 in data54){
if(!((key14 === "matchLabels") || (key14 === "matchExpressions"))){
const err108 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector",schemaPath:"#/$defs/label-selector/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data54.matchLabels !== undefined){
let data55 = data54.matchLabels;
if(data55 && typeof data55 == "object" && !Array.isArray(data55)){
if(Object.keys(data55).length > 64){
const err109 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 64}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
for(const key15 in data55){
let data56 = data55[key15];
if(typeof data56 === "string"){
if(func1(data56) > 63){
const err110 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchLabels/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchLabels/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/label-selector/properties/matchLabels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
else {
const err112 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchLabels",schemaPath:"#/$defs/label-selector/properties/matchLabels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data54.matchExpressions !== undefined){
let data57 = data54.matchExpressions;
if(Array.isArray(data57)){
if(data57.length > 64){
const err113 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
const len6 = data57.length;
for(let i7=0; i7<len6; i7++){
let data58 = data57[i7];
if(data58 && typeof data58 == "object" && !Array.isArray(data58)){
if(data58.key === undefined){
const err114 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(data58.operator === undefined){
const err115 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
for(const key16 in data58){
if(!(((key16 === "key") || (key16 === "operator")) || (key16 === "values"))){
const err116 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
if(data58.key !== undefined){
let data59 = data58.key;
if(typeof data59 === "string"){
if(func1(data59) > 317){
const err117 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(func1(data59) < 1){
const err118 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
else {
const err119 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/key",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data58.operator !== undefined){
let data60 = data58.operator;
if(typeof data60 !== "string"){
const err120 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if(!((((data60 === "In") || (data60 === "NotIn")) || (data60 === "Exists")) || (data60 === "DoesNotExist"))){
const err121 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/operator",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema39.properties.matchExpressions.items.properties.operator.enum}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data58.values !== undefined){
let data61 = data58.values;
if(Array.isArray(data61)){
if(data61.length > 256){
const err122 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 256}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
const len7 = data61.length;
for(let i8=0; i8<len7; i8++){
let data62 = data61[i8];
if(typeof data62 === "string"){
if(func1(data62) > 63){
const err123 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/values/" + i8,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/values/" + i8,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
}
else {
const err125 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7+"/values",schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
}
else {
const err126 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions/" + i7,schemaPath:"#/$defs/label-selector/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
else {
const err127 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector/matchExpressions",schemaPath:"#/$defs/label-selector/properties/matchExpressions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
}
else {
const err128 = {instancePath:instancePath+"/spec/webhookOptions/" + i4+"/objectSelector",schemaPath:"#/$defs/label-selector/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
}
else {
const err129 = {instancePath:instancePath+"/spec/webhookOptions/" + i4,schemaPath:"#/properties/spec/properties/webhookOptions/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
}
else {
const err130 = {instancePath:instancePath+"/spec/webhookOptions",schemaPath:"#/properties/spec/properties/webhookOptions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
if(data10.allowedSyscalls !== undefined){
let data63 = data10.allowedSyscalls;
if(Array.isArray(data63)){
if(data63.length > 1000){
const err131 = {instancePath:instancePath+"/spec/allowedSyscalls",schemaPath:"#/properties/spec/properties/allowedSyscalls/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
const len8 = data63.length;
for(let i9=0; i9<len8; i9++){
let data64 = data63[i9];
if(typeof data64 === "string"){
if(func1(data64) > 64){
const err132 = {instancePath:instancePath+"/spec/allowedSyscalls/" + i9,schemaPath:"#/properties/spec/properties/allowedSyscalls/items/maxLength",keyword:"maxLength",params:{limit: 64}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(func1(data64) < 1){
const err133 = {instancePath:instancePath+"/spec/allowedSyscalls/" + i9,schemaPath:"#/properties/spec/properties/allowedSyscalls/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(!pattern9.test(data64)){
const err134 = {instancePath:instancePath+"/spec/allowedSyscalls/" + i9,schemaPath:"#/properties/spec/properties/allowedSyscalls/items/pattern",keyword:"pattern",params:{pattern: "^[^\\x00-\\x20\\x7f]+$"}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/spec/allowedSyscalls/" + i9,schemaPath:"#/properties/spec/properties/allowedSyscalls/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
let i10 = data63.length;
let j1;
if(i10 > 1){
const indices1 = {};
for(;i10--;){
let item1 = data63[i10];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err136 = {instancePath:instancePath+"/spec/allowedSyscalls",schemaPath:"#/properties/spec/properties/allowedSyscalls/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j1}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
break;
}
indices1[item1] = i10;
}
}
}
else {
const err137 = {instancePath:instancePath+"/spec/allowedSyscalls",schemaPath:"#/properties/spec/properties/allowedSyscalls/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data10.allowedSeccompActions !== undefined){
let data65 = data10.allowedSeccompActions;
if(Array.isArray(data65)){
if(data65.length > 16){
const err138 = {instancePath:instancePath+"/spec/allowedSeccompActions",schemaPath:"#/properties/spec/properties/allowedSeccompActions/maxItems",keyword:"maxItems",params:{limit: 16}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
const len9 = data65.length;
for(let i11=0; i11<len9; i11++){
let data66 = data65[i11];
if(typeof data66 !== "string"){
const err139 = {instancePath:instancePath+"/spec/allowedSeccompActions/" + i11,schemaPath:"#/properties/spec/properties/allowedSeccompActions/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!(((((((((data66 === "SCMP_ACT_KILL") || (data66 === "SCMP_ACT_KILL_PROCESS")) || (data66 === "SCMP_ACT_KILL_THREAD")) || (data66 === "SCMP_ACT_TRAP")) || (data66 === "SCMP_ACT_ERRNO")) || (data66 === "SCMP_ACT_TRACE")) || (data66 === "SCMP_ACT_ALLOW")) || (data66 === "SCMP_ACT_LOG")) || (data66 === "SCMP_ACT_NOTIFY"))){
const err140 = {instancePath:instancePath+"/spec/allowedSeccompActions/" + i11,schemaPath:"#/properties/spec/properties/allowedSeccompActions/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.allowedSeccompActions.items.enum}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
let i12 = data65.length;
let j2;
if(i12 > 1){
const indices2 = {};
for(;i12--;){
let item2 = data65[i12];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err141 = {instancePath:instancePath+"/spec/allowedSeccompActions",schemaPath:"#/properties/spec/properties/allowedSeccompActions/uniqueItems",keyword:"uniqueItems",params:{i: i12, j: j2}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
break;
}
indices2[item2] = i12;
}
}
}
else {
const err142 = {instancePath:instancePath+"/spec/allowedSeccompActions",schemaPath:"#/properties/spec/properties/allowedSeccompActions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data10.disableOciArtifactSignatureVerification !== undefined){
if(typeof data10.disableOciArtifactSignatureVerification !== "boolean"){
const err143 = {instancePath:instancePath+"/spec/disableOciArtifactSignatureVerification",schemaPath:"#/properties/spec/properties/disableOciArtifactSignatureVerification/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
}
else {
const err144 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data.status !== undefined){
let data68 = data.status;
if(data68 && typeof data68 == "object" && !Array.isArray(data68)){
for(const key17 in data68){
if(!(((key17 === "state") || (key17 === "observedGeneration")) || (key17 === "conditions"))){
const err145 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
if(data68.state !== undefined){
let data69 = data68.state;
if(typeof data69 !== "string"){
const err146 = {instancePath:instancePath+"/status/state",schemaPath:"#/properties/status/properties/state/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(!(((((data69 === "PENDING") || (data69 === "CREATING")) || (data69 === "UPDATING")) || (data69 === "RUNNING")) || (data69 === "ERROR"))){
const err147 = {instancePath:instancePath+"/status/state",schemaPath:"#/properties/status/properties/state/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.state.enum}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
if(data68.observedGeneration !== undefined){
let data70 = data68.observedGeneration;
if(!(((typeof data70 == "number") && (!(data70 % 1) && !isNaN(data70))) && (isFinite(data70)))){
const err148 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if((typeof data70 == "number") && (isFinite(data70))){
if(data70 < 0 || isNaN(data70)){
const err149 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
if(data68.conditions !== undefined){
let data71 = data68.conditions;
if(Array.isArray(data71)){
if(data71.length > 32){
const err150 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
const len10 = data71.length;
for(let i13=0; i13<len10; i13++){
let data72 = data71[i13];
if(data72 && typeof data72 == "object" && !Array.isArray(data72)){
if(data72.type === undefined){
const err151 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
if(data72.status === undefined){
const err152 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "status"}};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if(data72.reason === undefined){
const err153 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(data72.lastTransitionTime === undefined){
const err154 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "lastTransitionTime"}};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
for(const key18 in data72){
if(!((((((key18 === "type") || (key18 === "status")) || (key18 === "observedGeneration")) || (key18 === "lastTransitionTime")) || (key18 === "reason")) || (key18 === "message"))){
const err155 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18}};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
if(data72.type !== undefined){
let data73 = data72.type;
if(typeof data73 === "string"){
if(func1(data73) > 316){
const err156 = {instancePath:instancePath+"/status/conditions/" + i13+"/type",schemaPath:"#/$defs/condition/properties/type/maxLength",keyword:"maxLength",params:{limit: 316}};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(func1(data73) < 1){
const err157 = {instancePath:instancePath+"/status/conditions/" + i13+"/type",schemaPath:"#/$defs/condition/properties/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/status/conditions/" + i13+"/type",schemaPath:"#/$defs/condition/properties/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data72.status !== undefined){
let data74 = data72.status;
if(typeof data74 !== "string"){
const err159 = {instancePath:instancePath+"/status/conditions/" + i13+"/status",schemaPath:"#/$defs/condition/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(!(((data74 === "True") || (data74 === "False")) || (data74 === "Unknown"))){
const err160 = {instancePath:instancePath+"/status/conditions/" + i13+"/status",schemaPath:"#/$defs/condition/properties/status/enum",keyword:"enum",params:{allowedValues: schema46.properties.status.enum}};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
if(data72.observedGeneration !== undefined){
let data75 = data72.observedGeneration;
if(!(((typeof data75 == "number") && (!(data75 % 1) && !isNaN(data75))) && (isFinite(data75)))){
const err161 = {instancePath:instancePath+"/status/conditions/" + i13+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if((typeof data75 == "number") && (isFinite(data75))){
if(data75 < 0 || isNaN(data75)){
const err162 = {instancePath:instancePath+"/status/conditions/" + i13+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
}
if(data72.lastTransitionTime !== undefined){
let data76 = data72.lastTransitionTime;
if(typeof data76 === "string"){
if(!pattern10.test(data76)){
const err163 = {instancePath:instancePath+"/status/conditions/" + i13+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
else {
const err164 = {instancePath:instancePath+"/status/conditions/" + i13+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
if(data72.reason !== undefined){
let data77 = data72.reason;
if(typeof data77 === "string"){
if(func1(data77) > 1024){
const err165 = {instancePath:instancePath+"/status/conditions/" + i13+"/reason",schemaPath:"#/$defs/condition/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
if(func1(data77) < 1){
const err166 = {instancePath:instancePath+"/status/conditions/" + i13+"/reason",schemaPath:"#/$defs/condition/properties/reason/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if(!pattern11.test(data77)){
const err167 = {instancePath:instancePath+"/status/conditions/" + i13+"/reason",schemaPath:"#/$defs/condition/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
else {
const err168 = {instancePath:instancePath+"/status/conditions/" + i13+"/reason",schemaPath:"#/$defs/condition/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
if(data72.message !== undefined){
let data78 = data72.message;
if(typeof data78 === "string"){
if(func1(data78) > 32768){
const err169 = {instancePath:instancePath+"/status/conditions/" + i13+"/message",schemaPath:"#/$defs/condition/properties/message/maxLength",keyword:"maxLength",params:{limit: 32768}};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
else {
const err170 = {instancePath:instancePath+"/status/conditions/" + i13+"/message",schemaPath:"#/$defs/condition/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
}
else {
const err171 = {instancePath:instancePath+"/status/conditions/" + i13,schemaPath:"#/$defs/condition/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
}
else {
const err172 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
}
else {
const err173 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
}
else {
const err174 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const fits = validate20;

const hints = {
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "must be a time such as 2026-01-31T12:00:00Z",
  "^[A-Za-z0-9_.-]+$": "must hold only letters, digits, dots, hyphens and underscores",
  "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$": "must be a quantity such as 250m, 512Mi or 1",
  "^/proc(/([^/.\\x00]|\\.[^/.\\x00]|\\.\\.[^/\\x00])[^/\\x00]*)*$": "must be /proc or a path below it, without empty, . or .. parts",
  "^[^\\x00-\\x20\\x7f]+$": "must be the name of a system call, without white space",
  "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "must be one CamelCase word"
};

const rules = [
  {
    steps: [],
    field: [],
    message: "the operator reads one object of this kind, which must be named spod",
    holds: (self) => (self.metadata.name === 'spod'),
  },
  {
    steps: ["spec","tolerations","[]"],
    field: ["tolerationSeconds"],
    message: "tolerationSeconds needs effect NoExecute",
    holds: (self) => (!(self.tolerationSeconds !== undefined) || ((self.effect !== undefined) && (self.effect === 'NoExecute'))),
  },
  {
    steps: ["spec","affinity","podAffinity","requiredDuringSchedulingIgnoredDuringExecution","[]","labelSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAffinity","requiredDuringSchedulingIgnoredDuringExecution","[]","namespaceSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAffinity","preferredDuringSchedulingIgnoredDuringExecution","[]","podAffinityTerm","labelSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAffinity","preferredDuringSchedulingIgnoredDuringExecution","[]","podAffinityTerm","namespaceSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAntiAffinity","requiredDuringSchedulingIgnoredDuringExecution","[]","labelSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAntiAffinity","requiredDuringSchedulingIgnoredDuringExecution","[]","namespaceSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAntiAffinity","preferredDuringSchedulingIgnoredDuringExecution","[]","podAffinityTerm","labelSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","affinity","podAntiAffinity","preferredDuringSchedulingIgnoredDuringExecution","[]","podAffinityTerm","namespaceSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","webhookOptions","[]","namespaceSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
  {
    steps: ["spec","webhookOptions","[]","objectSelector","matchExpressions","[]"],
    field: ["values"],
    message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
    holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
  },
];

/** Every fault of a value that should be a SecurityProfilesOperatorDaemon; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validateSecurityProfilesOperatorDaemon(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a SecurityProfilesOperatorDaemon. */
export function isSecurityProfilesOperatorDaemon(value: unknown): value is SecurityProfilesOperatorDaemon {
  return validateSecurityProfilesOperatorDaemon(value).length === 0;
}
